// SPDX-License-Identifier: Apache-2.0
// measure.js: looks at the page it is in and leaves "PICTURES fault fault ..." in #measured.
const faults = [];
const fault = (what) => faults.length < 5 && faults.push(what.replace(/[<>&]/g, "?"));
for (const svg of document.querySelectorAll("svg")) {
  const box = svg.viewBox.baseVal;
  if (svg.getBoundingClientRect().width < 200) fault("a picture is narrower than 200");
  for (const part of svg.querySelectorAll("text, rect, polyline, line")) {
    const at = part.getBBox();
    if (![at.x, at.y, at.width, at.height].every(Number.isFinite)) fault("a shape without place");
    if (at.x < -0.5 || at.y < -0.5 || at.x + at.width > box.width + 0.5 ||
        at.y + at.height > box.height + 0.5)
      fault(`${part.tagName} ${part.textContent} leaves its picture`);
  }
  for (const line of svg.querySelectorAll("polyline"))
    if (line.points.length < 2) fault("a line of one point");
  if (/nan|inf/i.test(svg.outerHTML)) fault("a number that is none");
}
if (document.documentElement.scrollWidth > window.innerWidth + 1) fault("wider than the window");
for (const cell of document.querySelectorAll("td:first-child"))
  if (cell.getBoundingClientRect().width < 60) fault("a name is broken letter by letter");
if (document.querySelectorAll("h1").length !== 1) fault("no heading");
if (document.querySelectorAll("h2 *, td *").length > 0) fault("a name became a mark");
for (const text of document.querySelectorAll("h1, h2, p"))
  if (text.scrollWidth > text.clientWidth + 1) fault(`${text.textContent} is cut`);
const measured = document.createElement("pre");
measured.id = "measured";
measured.textContent = `${document.querySelectorAll("svg").length} ${faults.join("; ")}`;
document.body.append(measured);
