/* SPDX-License-Identifier: Apache-2.0 */
/* report_svg: the few shapes the plots are made of; lengths in pixels, y downwards. */
#ifndef TRINE_REPORT_SVG_H
#define TRINE_REPORT_SVG_H

#include <stdbool.h>
#include <stdio.h>

/* A panel with axes; data are mapped to it. */
struct svg_panel {
  double left, top, width, height;
  double x_low, x_high, y_low, y_high;
  bool is_log_x, is_log_y;
};

enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };

void svg_begin(FILE *out, int width, int height);
void svg_end(FILE *out);
void svg_text(FILE *out, double x, double y, enum svg_anchor anchor, int size, const char *colour,
              const char *text);
void svg_line(FILE *out, double x1, double y1, double x2, double y2, const char *colour,
              double width, const char *dashes);
void svg_box(FILE *out, double x, double y, double width, double height, const char *colour);
void svg_dot(FILE *out, double x, double y, double radius, const char *colour);

/* Where a value lies. */
double svg_x(const struct svg_panel *panel, double value);
double svg_y(const struct svg_panel *panel, double value);

/* Frame, and grid lines with labels at the given values. */
void svg_axes(FILE *out, const struct svg_panel *panel, const double *x_ticks, int x_count,
              const double *y_ticks, int y_count);

/* Points joined by lines, a dot at each unless dashes are given ("" is none). */
void svg_series(FILE *out, const struct svg_panel *panel, const double *x, const double *y,
                int count, const char *colour, const char *dashes);

/* Colours of series, far apart also for eyes that mix up red and green. */
const char *svg_colour(int index);

#endif
