import 'pixi.js/unsafe-eval';
import { Container, type Rectangle, RenderContainer, Ticker, WebGLRenderer } from 'pixi.js';

/** More would cost four times the work for what nobody sees. */
const DOTS_MAX = 2;

/** What is drawn after it goes into a part of the canvas, CSS pixels, and is cut off at its edges. */
export function frameOf(frame: Rectangle): RenderContainer {
  return new RenderContainer((renderer) => {
    const { renderTarget, view } = renderer as WebGLRenderer;
    renderTarget.bind({ target: view.renderTarget, clear: false, frame });
  });
}

/** The canvas and its renderer: as large as the page lets it be. */
export class Stage {
  readonly canvas: HTMLCanvasElement;
  readonly root = new Container();
  /** Device pixels for each CSS pixel. */
  dots = 1;
  width = 1;
  height = 1;
  readonly #renderer: WebGLRenderer;

  private constructor(canvas: HTMLCanvasElement, renderer: WebGLRenderer) {
    this.canvas = canvas;
    this.#renderer = renderer;
  }

  /** @throws {Error} in words for the person at the page, where the browser cannot draw it */
  static async open(canvas: HTMLCanvasElement): Promise<Stage> {
    const renderer = new WebGLRenderer();
    try {
      await renderer.init({
        canvas,
        width: Math.max(1, canvas.clientWidth),
        height: Math.max(1, canvas.clientHeight),
        // Every edge is smoothed by its own shader.
        antialias: false,
        skipExtensionImports: true,
        // What is not seen for a while is not thrown away: the town is.
        gcActive: false,
        clearBeforeRender: true,
      });
    } catch (problem) {
      throw new Error(WITHOUT_WEBGL, { cause: problem });
    }
    // Pixi's clock would wake the page sixty times a second for nothing: there is nothing to collect.
    Ticker.system.autoStart = false;
    Ticker.system.stop();
    if (renderer.context.webGLVersion !== 2) throw new Error(WITHOUT_WEBGL);
    return new Stage(canvas, renderer);
  }

  /** Keeps to the canvas's size. @returns whether it has changed */
  measure(): boolean {
    const width = Math.max(1, this.canvas.clientWidth);
    const height = Math.max(1, this.canvas.clientHeight);
    const dots = Math.min(DOTS_MAX, window.devicePixelRatio || 1);
    if (width === this.width && height === this.height && dots === this.dots) return false;
    this.width = width;
    this.height = height;
    this.dots = dots;
    this.#renderer.resize(width, height, dots);
    return true;
  }

  get isLost(): boolean {
    return this.#renderer.context.isLost;
  }

  render(clearColor: string): void {
    this.#renderer.render({ container: this.root, clear: true, clearColor });
  }

  close(): void {
    this.#renderer.destroy();
  }
}

const WITHOUT_WEBGL =
  'This browser offers no WebGL 2, which the map is drawn with. Switch hardware acceleration on, or use another browser.';
