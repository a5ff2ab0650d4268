import type { FunctionComponent } from "preact";
import { type IslandName, type Islands, islands } from "../islands/registry.ts";

export interface IslandViewProps<N extends IslandName> {
  name: N;
  props: Islands[N];
}

/** Renders an island and leaves its name and props for the browser. */
export function Island<N extends IslandName>({ name, props }: IslandViewProps<N>) {
  const Component: FunctionComponent<Islands[N]> = islands[name];
  return (
    <div class="island" data-island={name} data-props={JSON.stringify(props)}>
      <Component {...props} />
    </div>
  );
}
