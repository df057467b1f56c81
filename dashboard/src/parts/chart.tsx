// A line chart: uPlot in the page's colours, as wide as its place.

import { createEffect, on, onCleanup, onMount } from "solid-js";
import uPlot from "uplot";
import { theme } from "./theme.ts";

export interface Colours {
  ink: string;
  faint: string;
  line: string;
  accent: string;
  band: string;
  gold: string;
}

export interface ChartProps {
  data: uPlot.AlignedData;
  /** Series, scales and axes, in the present colours. */
  options: (colours: Colours) => Omit<uPlot.Options, "width" | "height">;
  /** What the chart shows, for those who do not see it. */
  label: string;
  height?: number;
}

export function Chart(props: ChartProps) {
  let box: HTMLDivElement | undefined;
  let plot: uPlot | undefined;
  const make = () => {
    if (!box) return;
    plot?.destroy();
    const size = { width: Math.max(200, box.clientWidth), height: props.height ?? 220 };
    const hooks = { ready: [tellLast], setData: [tellLast], setCursor: [tellLast] };
    plot = new uPlot({ ...props.options(colours(box)), ...size, hooks }, props.data, box);
  };
  onMount(() => {
    make();
    if (!box) return;
    const watch = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (plot && width > 0 && Math.abs(width - plot.width) > 1) plot.setSize({ width, height: plot.height });
    });
    watch.observe(box);
    onCleanup(() => watch.disconnect());
  });
  createEffect(on([theme, () => props.options], make, { defer: true }));
  createEffect(
    on(
      () => props.data,
      (data) => plot?.setData(data),
      { defer: true },
    ),
  );
  onCleanup(() => plot?.destroy());
  return <div class="chart" role="img" aria-label={props.label} ref={box} />;
}

/** While nothing is pointed at, the legend tells the last values. */
function tellLast(plot: uPlot): void {
  if (plot.cursor.idx === null || plot.cursor.idx === undefined)
    plot.setLegend({ idx: plot.data[0].length - 1 }, false);
}

/** The page's colours as a canvas takes them. */
function colours(box: HTMLElement): Colours {
  const probe = document.createElement("span");
  box.append(probe);
  const read = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const found = {
    ink: read("ink-soft"),
    faint: read("line"),
    line: read("line-strong"),
    accent: read("accent"),
    band: read("band"),
    gold: read("gold"),
  };
  probe.remove();
  return found;
}

/** An axis in the page's colours. */
export function axis(colours: Colours, more: uPlot.Axis = {}): uPlot.Axis {
  return {
    stroke: colours.ink,
    font: "12px system-ui, sans-serif",
    grid: { stroke: colours.faint, width: 1 },
    ticks: { show: false },
    ...more,
  };
}
