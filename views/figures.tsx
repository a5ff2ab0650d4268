/** A number that matters, with its name. */
export interface Figure {
  value: string;
  name: string;
  tone?: "good" | "bad";
}

export interface FiguresProps {
  title: string;
  /** What the numbers are about: "last 7 days". */
  span: string;
  figures: Figure[];
}

/** A few big numbers, each with its name. */
export function Figures({ title, span, figures }: FiguresProps) {
  return (
    <section class="card figures" aria-labelledby="figures">
      <header>
        <h2 id="figures">{title}</h2>
        <small>{span}</small>
      </header>
      <dl>
        {figures.map(({ value, name, tone }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class={tone}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
