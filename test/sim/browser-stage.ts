/** As much of a browser as the page of a diagram needs to run its script: elements that exist, a canvas that notes its texts. */

/** A page on the stage. */
export type Stage = {
  readonly script: string;
  readonly globals: Record<string, unknown>;
  /** Texts drawn so far. */
  readonly drawn: readonly string[];
  readonly press: (key: string) => void;
  readonly point: (x: number, y: number) => void;
};

type Listener = (event: Record<string, unknown>) => void;

/** Puts the page there; its script is still to be run, with `globals` as its own. */
export function browserStage(page: string): Stage {
  const drawn: string[] = [];
  const listeners = new Map<string, Listener>();
  const data = between(page, `<script type="application/json" id="data">`, "</script>");
  const context = anything({
    measureText: (text: string) => ({ width: text.length * 7 }),
    fillText: (text: string) => drawn.push(text),
  });
  const elements = new Map<string, unknown>();
  const element = (id: string): unknown => {
    const made =
      elements.get(id) ??
      anything({
        clientWidth: 1200,
        clientHeight: 800,
        offsetWidth: 200,
        offsetHeight: 100,
        textContent: data,
        tagName: "CANVAS",
        children: { length: 0 },
        querySelector: () => null,
        getContext: () => context,
        addEventListener: (kind: string, listener: Listener) =>
          listeners.set(`${id} ${kind}`, listener),
      });
    elements.set(id, made);
    return made;
  };
  const story = anything({
    querySelector: () => null,
    children: new Proxy({}, { get: () => ({ firstChild: anything({}) }) }),
  });
  elements.set("story", story);
  const document = anything({
    getElementById: element,
    createElement: () => anything({}),
    querySelector: () => null,
    addEventListener: (kind: string, listener: Listener) => listeners.set(kind, listener),
  });
  const globals = {
    document,
    window: { devicePixelRatio: 2 },
    getComputedStyle: () => ({ getPropertyValue: () => "#123456" }),
    matchMedia: () => anything({ matches: false }),
    ResizeObserver: class {
      observe(): void {}
    },
    requestAnimationFrame: (paint: () => void) => paint(),
  };
  const at = (id: string): Listener => listeners.get(id) as Listener;
  return {
    script: between(page, "</script>\n<script>", "</script>"),
    globals,
    drawn,
    press: (key) => at("keydown")({ key, target: element("diagram"), preventDefault: () => {} }),
    point: (x, y) => at("diagram pointermove")({ offsetX: x, offsetY: y }),
  };
}

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start) + start.length;
  return text.slice(from, text.indexOf(end, from));
}

/** An object that has what it is given, keeps what is set, and of all else has a function that does nothing. */
function anything(own: Record<string, unknown>): unknown {
  return new Proxy(own, {
    get: (target, name) => {
      if (typeof name === "symbol" || name in target) return Reflect.get(target, name);
      if (name === "style" || name === "dataset" || name === "classList") {
        return (target[name] = anything({}));
      }
      return () => undefined;
    },
  });
}
