/* SPDX-License-Identifier: Apache-2.0 */
/* report_svg: see report_svg.h. */
#include "report_svg.h"

#include <math.h>

static const char *const grid = "#e3e6ea";
static const char *const ink = "#3a4048";

const char *svg_colour(int index) {
  static const char *const colours[] = {"#0b62a4", "#d55e00", "#009e73", "#a0408f",
                                        "#b8860b", "#4a4a4a", "#56a4d8", "#8c2d04"};
  return colours[index % (int)(sizeof colours / sizeof colours[0])];
}

void svg_begin(FILE *out, int width, int height) {
  (void)fprintf(out,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                "viewBox=\"0 0 %d %d\" font-family=\"Helvetica, Arial, sans-serif\">\n"
                "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
                width, height, width, height, width, height);
}

void svg_end(FILE *out) {
  (void)fprintf(out, "</svg>\n");
}

void svg_text(FILE *out, double x, double y, enum svg_anchor anchor, int size, const char *colour,
              const char *text) {
  static const char *const anchors[] = {"start", "middle", "end"};
  (void)fprintf(out,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\" fill=\"%s\">%s"
                "</text>\n",
                x, y, anchors[anchor], size, colour == NULL ? ink : colour, text);
}

/* An empty list of dashes is no dashes at all, and some readers refuse it. */
static const char *dash_begin(const char *dashes) {
  return dashes[0] == '\0' ? "" : " stroke-dasharray=\"";
}

static const char *dash_end(const char *dashes) {
  return dashes[0] == '\0' ? "" : "\"";
}

void svg_line(FILE *out, double x1, double y1, double x2, double y2, const char *colour,
              double width, const char *dashes) {
  (void)fprintf(out,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" "
                "stroke-width=\"%.1f\"%s%s%s/>\n",
                x1, y1, x2, y2, colour, width, dash_begin(dashes), dashes, dash_end(dashes));
}

void svg_box(FILE *out, double x, double y, double width, double height, const char *colour) {
  (void)fprintf(out, "<rect x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\" fill=\"%s\"/>\n",
                x, y, width, height, colour);
}

void svg_dot(FILE *out, double x, double y, double radius, const char *colour) {
  (void)fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>\n", x, y, radius,
                colour);
}

static double share(double value, double low, double high, bool is_log) {
  return is_log ? log(value / low) / log(high / low) : (value - low) / (high - low);
}

double svg_x(const struct svg_panel *panel, double value) {
  return panel->left + panel->width * share(value, panel->x_low, panel->x_high, panel->is_log_x);
}

double svg_y(const struct svg_panel *panel, double value) {
  const double part = share(value, panel->y_low, panel->y_high, panel->is_log_y);
  return panel->top + panel->height * (1 - part);
}

void svg_axes(FILE *out, const struct svg_panel *panel, const double *x_ticks, int x_count,
              const double *y_ticks, int y_count) {
  const double right = panel->left + panel->width, bottom = panel->top + panel->height;
  char text[32];
  for (int n = 0; n < x_count; n++) {
    const double x = svg_x(panel, x_ticks[n]);
    svg_line(out, x, panel->top, x, bottom, grid, 1, "");
    (void)snprintf(text, sizeof text, "%g", x_ticks[n]);
    svg_text(out, x, bottom + 16, SVG_MIDDLE, 12, NULL, text);
  }
  for (int n = 0; n < y_count; n++) {
    const double y = svg_y(panel, y_ticks[n]);
    svg_line(out, panel->left, y, right, y, grid, 1, "");
    (void)snprintf(text, sizeof text, "%g", y_ticks[n]);
    svg_text(out, panel->left - 6, y + 4, SVG_END, 12, NULL, text);
  }
  svg_line(out, panel->left, bottom, right, bottom, ink, 1, "");
  svg_line(out, panel->left, panel->top, panel->left, bottom, ink, 1, "");
}

void svg_series(FILE *out, const struct svg_panel *panel, const double *x, const double *y,
                int count, const char *colour, const char *dashes) {
  (void)fprintf(out,
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s%s%s "
                "points=\"",
                colour, dash_begin(dashes), dashes, dash_end(dashes));
  for (int n = 0; n < count; n++) {
    (void)fprintf(out, "%.1f,%.1f ", svg_x(panel, x[n]), svg_y(panel, y[n]));
  }
  (void)fprintf(out, "\"/>\n");
  for (int n = 0; n < count && dashes[0] == '\0'; n++) {
    svg_dot(out, svg_x(panel, x[n]), svg_y(panel, y[n]), 3.2, colour);
  }
}
