// A canvas that lies over a figure of Plotly's and draws in its coordinates.

/** From the figure's coordinates to pixels, as its axes are now. */
export function scales({ _fullLayout: { xaxis, yaxis } }) {
  return { x: (at) => xaxis._offset + xaxis.d2p(at), y: (at) => yaxis._offset + yaxis.d2p(at) };
}

/** The axes as they are now, and a clean canvas that fits over them. */
export function fit(element, canvas) {
  const { width, height } = element._fullLayout;
  const sharp = window.devicePixelRatio || 1;
  canvas.width = width * sharp;
  canvas.height = height * sharp;
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const context = canvas.getContext("2d");
  context.setTransform(sharp, 0, 0, sharp, 0, 0);
  return { context, ...scales(element) };
}

/** A new layer over (or below) a figure. */
export function layer(where) {
  return Object.assign(document.createElement("canvas"), { className: `layer ${where}` });
}
