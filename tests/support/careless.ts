/** HTML as it would be had nobody escaped what people wrote. */
export function carelessly(html: string): string {
  return html.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}

/** An answer that is so; others are left alone. */
export async function carelessAnswer(response: Response): Promise<Response> {
  if (!response.headers.get("content-type")?.startsWith("text/html")) return response;
  return new Response(carelessly(await response.text()), response);
}
