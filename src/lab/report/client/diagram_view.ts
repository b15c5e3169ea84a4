import type { Diagram } from "../trace/diagram.ts";
import { chainOf, thingsBySeq } from "../picture/causes.ts";
import { draw, xToTime } from "../picture/draw.ts";
import { moved, showing, type View, wholeView, zoomed } from "../picture/view.ts";
import { chainInWords, inWords } from "../picture/words.ts";

/** Draws a diagram into its figure, and does what mouse and keys ask for. */
export function showDiagram(figure: HTMLElement, diagram: Diagram): void {
  const canvas = figure.querySelector<HTMLElement>(".canvas")!;
  const details = figure.querySelector<HTMLElement>(".details")!;
  const things = thingsBySeq(diagram);
  let view: View = wholeView(diagram);
  let asked = 0;

  const width = (): number => Math.max(320, canvas.clientWidth);
  const render = (): void => {
    asked = 0;
    const chain = view.chosen === undefined ? [] : chainOf(things, view.chosen);
    canvas.innerHTML = draw(diagram, view, width(), chain).text;
    details.innerHTML = chain.length === 0 ? "" : chainInWords(diagram, things, chain).text;
  };
  const show = (next: View): void => {
    view = next;
    asked ||= requestAnimationFrame(render);
  };
  const choose = (chosen: number | undefined): void => {
    const { chosen: _before, ...rest } = view;
    show(chosen === undefined ? rest : { ...rest, chosen });
  };

  const neighbour = (direction: 1 | -1): void => {
    const { marks } = diagram;
    const at = marks.findIndex(({ seq }) => seq === view.chosen);
    const next = at < 0
      ? marks.findIndex(({ t }) => t >= view.from)
      : Math.min(Math.max(at + direction, 0), marks.length - 1);
    const mark = marks[next];
    if (mark !== undefined) show({ ...showing(view, diagram, mark.t), chosen: mark.seq });
  };
  /** What keys zoom in on: what is chosen, if it is seen. */
  const centre = (): number => {
    const thing = things.get(view.chosen ?? -1);
    const t = thing?.kind === "mark"
      ? thing.mark.t
      : thing?.kind === "arrow"
      ? thing.arrow.sent
      : undefined;
    return t !== undefined && t >= view.from && t <= view.to ? t : (view.from + view.to) / 2;
  };
  const keys: Readonly<Record<string, () => void>> = {
    "+": () => show(zoomed(view, diagram, 0.6, centre())),
    "=": () => show(zoomed(view, diagram, 0.6, centre())),
    "-": () => show(zoomed(view, diagram, 1 / 0.6, centre())),
    ArrowLeft: () => show(moved(view, diagram, -0.2)),
    ArrowRight: () => show(moved(view, diagram, 0.2)),
    "0": () => show({ ...wholeView(diagram), heartbeats: view.heartbeats }),
    h: () => show({ ...view, heartbeats: !view.heartbeats }),
    n: () => neighbour(1),
    p: () => neighbour(-1),
    Escape: () => choose(undefined),
  };
  figure.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });

  const timeAt = (event: MouseEvent): number =>
    xToTime(view, width(), event.clientX - canvas.getBoundingClientRect().left);
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    show(zoomed(view, diagram, event.deltaY < 0 ? 0.8 : 1.25, timeAt(event)));
  }, { passive: false });

  let dragged: { readonly x: number; readonly view: View; far: boolean } | undefined;
  canvas.addEventListener("pointerdown", (event) => {
    dragged = { x: event.clientX, view, far: false };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (dragged === undefined) return hover(event);
    const by = (dragged.x - event.clientX) / width();
    dragged.far ||= Math.abs(by) > 0.005;
    if (dragged.far) show({ ...moved(dragged.view, diagram, by), heartbeats: view.heartbeats });
  });
  globalThis.addEventListener("pointerup", (event) => {
    const was = dragged;
    dragged = undefined;
    if (was === undefined || was.far) return;
    choose(seqOf(event.target));
  });
  const hover = (event: Event): void => {
    const thing = things.get(seqOf(event.target) ?? -1);
    if (thing === undefined || view.chosen !== undefined) return;
    details.textContent = inWords(diagram, thing);
  };
  addEventListener("resize", () => show(view));
  render();
}

function seqOf(target: EventTarget | null): number | undefined {
  const seq = target instanceof Element ? target.getAttribute("data-seq") : null;
  return seq === null ? undefined : Number(seq);
}
