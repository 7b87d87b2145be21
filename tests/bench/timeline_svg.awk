# SPDX-License-Identifier: Apache-2.0
# timeline_svg.awk: draws the lines of timeline.awk: a strip a mode, a bar a core.
#
# Variables: title; from, cycles (the part that is shown). Strips are in the order of the lines.
function out(text) { body = body text "\n" }
function box(x, y, w, h, colour) {
  out(sprintf("<rect x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\" fill=\"%s\"/>",
              x, y, w, h, colour))
}
function label(x, y, size, anchor, text) {
  out(sprintf("<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" text-anchor=\"%s\" fill=\"#3a4048\">" \
              "%s</text>", x, y, size, anchor, text))
}
function colour_of(what) {
  if (what >= 128) return cause_colour[what - 128]
  if (what % 64 >= 32) return "#a0408f"
  return (what % 32 >= 16 ? "h" : "x") == "h" ? dark[what % 16] : light[what % 16]
}
BEGIN {
  light[0] = "#8fc1e8"; dark[0] = "#0b62a4"; light[1] = "#f7b98a"; dark[1] = "#d55e00"
  light[2] = "#8ed8bf"; dark[2] = "#009e73"; light[3] = "#e3d08a"; dark[3] = "#b8860b"
  for (n = 4; n < 16; n++) { light[n] = "#c8c8c8"; dark[n] = "#8a8a8a" }
  split("#ffffff #f7d6dc #e88fa2 #9b2242 #5c5470 #3c6478 #b9b9b9 #eeeeee #222222", list, " ")
  for (n = 1; n <= 9; n++) cause_colour[n] = list[n]
  left = 190; width = 900; bar = 20; y = 46
}
{
  if (!(($1, $2) in place)) {
    if ($1 != last) {
      y += last == "" ? 0 : 14
      text = $1
      sub(/:/, ", ", text)
      gsub(/_/, " ", text)
      label(10, y + 15, 13, "start", text)
      last = $1
    }
    place[$1, $2] = y
    label(left - 8, y + 14, 11, "end", "core " $2)
    y += bar + 4
  }
  a = $3 - from; b = a + $4
  if (a < 0) a = 0
  if (b > cycles) b = cycles
  if (b > a) box(left + a * width / cycles, place[$1, $2], (b - a) * width / cycles, bar,
                 colour_of($5))
}
END {
  bottom = y + 4
  for (n = 0; n <= cycles; n += 200) {
    x = left + n * width / cycles
    out(sprintf("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#3a4048\"/>", x,
                bottom, x, bottom + 5))
    label(x, bottom + 18, 11, "middle", n == cycles ? n " cycles" : n)
  }
  y = bottom + 34
  split("layer 1: x|layer 1: h|layer 2: x|layer 2: h|dense|waits: input|waits: h|waits: room|" \
        "waits: tail|waits: bus|memory|idle|next phase", names, "|")
  split("64 80 65 81 96 130 131 132 133 134 135 136 137", codes, " ")
  for (n = 1; n <= 13; n++) {
    x = 20 + ((n - 1) % 7) * 150
    box(x, y + int((n - 1) / 7) * 20, 14, 14, colour_of(codes[n]))
    label(x + 20, y + 11 + int((n - 1) / 7) * 20, 12, "start", names[n])
  }
  height = y + 46
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1130\" height=\"%d\" " \
         "viewBox=\"0 0 1130 %d\" font-family=\"Helvetica, Arial, sans-serif\">\n", height, height
  printf "<rect width=\"1130\" height=\"%d\" fill=\"#ffffff\"/>\n", height
  printf "<text x=\"10\" y=\"24\" font-size=\"14\" fill=\"#3a4048\">%s</text>\n%s</svg>\n", title,
         body
}
