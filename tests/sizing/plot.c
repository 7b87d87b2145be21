/* SPDX-License-Identifier: Apache-2.0 */
/* plot: cycles against multipliers, see tables.h. */
#include <math.h>

#include "bench/report_svg.h"
#include "networks.h"
#include "tables.h"

enum { COLUMNS = 4, PANEL_WIDTH = 236, PANEL_HEIGHT = 210, GAP_X = 66, GAP_Y = 84, TICKS = 32 };

static const double low_multipliers = 70, high_multipliers = 1100;

static double thousands(const struct sizing_result *result) {
  return (double)result->cycles / 1000;
}

/* 1, 2 and 5 times powers of ten inside the panel. */
static int ticks_between(double low, double high, double *ticks) {
  static const double steps[] = {1, 2, 5};
  int count = 0;
  for (double power = 1; power <= high; power *= 10) {
    for (int n = 0; n < 3; n++) {
      const double value = power * steps[n];
      if (value >= low && value <= high && count < TICKS) {
        ticks[count] = value;
        count++;
      }
    }
  }
  return count;
}

static void find_range(const struct sizing_results *results, uint32_t network,
                       struct svg_panel *panel) {
  double low = HUGE_VAL, high = 0;
  for (uint32_t n = 0; n < results->count; n++) {
    const double cycles = thousands(&results->list[n]);
    if (results->list[n].network == network && cycles > 0) {
      low = cycles < low ? cycles : low;
      high = cycles > high ? cycles : high;
    }
  }
  panel->y_low = low / 1.15;
  panel->y_high = high * 1.15;
}

/* A ring around the present shape. */
static void draw_present(FILE *out, const struct svg_panel *panel, uint32_t multipliers,
                         double cycles) {
  const double x = svg_x(panel, multipliers), y = svg_y(panel, cycles);
  svg_dot(out, x, y, 6.0, "#111111");
  svg_dot(out, x, y, 3.6, "#ffffff");
}

static void draw_panel(FILE *out, const struct sizing_results *results, uint32_t network,
                       struct svg_panel *panel) {
  static const double x_ticks[] = {100, 200, 500, 1000};
  double y_ticks[TICKS];
  find_range(results, network, panel);
  svg_axes(out, panel, x_ticks, 4, y_ticks, ticks_between(panel->y_low, panel->y_high, y_ticks));
  svg_text(out, panel->left + panel->width / 2, panel->top - 10, SVG_MIDDLE, 14, NULL,
           sizing_networks[network].name);
  for (uint32_t b = 0; b < SIZING_BUDGETS; b++) {
    for (uint32_t n = 0; n < results->count; n++) {
      const struct sizing_result *result = &results->list[n];
      const struct sizing_shape *shape = &result->shape;
      if (result->network == network && result->cycles > 0 &&
          shape->cores * sizing_macs(shape) == sizing_budgets[b]) {
        svg_dot(out, svg_x(panel, sizing_multipliers(shape)), svg_y(panel, thousands(result)), 1.7,
                svg_colour((int)b));
      }
    }
  }
  for (uint32_t b = 0; b < SIZING_BUDGETS; b++) {
    const struct sizing_shape present = sizing_present(sizing_budgets[b], SIZING_NARROW_MEM_BYTES);
    const struct sizing_result *now = sizing_find(results, network, &present);
    if (now != NULL && now->cycles > 0) {
      draw_present(out, panel, sizing_multipliers(&present), thousands(now));
    }
  }
}

static void draw_legend(FILE *out, double left, double top) {
  for (uint32_t b = 0; b < SIZING_BUDGETS; b++) {
    char text[32];
    (void)snprintf(text, sizeof text, "%u MACs", sizing_budgets[b]);
    svg_dot(out, left + 90 * b, top - 4, 4, svg_colour((int)b));
    svg_text(out, left + 90 * b + 10, top, SVG_START, 12, NULL, text);
  }
  svg_dot(out, left + 90 * SIZING_BUDGETS, top - 4, 6.0, "#111111");
  svg_dot(out, left + 90 * SIZING_BUDGETS, top - 4, 3.6, "#ffffff");
  svg_text(out, left + 90 * SIZING_BUDGETS + 12, top, SVG_START, 12, NULL,
           "one core of 8x8x4, bus 8; duo, quad, octo");
}

void sizing_plot(FILE *out, const struct sizing_results *results) {
  const int rows = (SIZING_NETWORKS + COLUMNS - 1) / COLUMNS;
  svg_begin(out, COLUMNS * (PANEL_WIDTH + GAP_X) + 20, rows * (PANEL_HEIGHT + GAP_Y) + 40);
  svg_text(out, 12, 22, SVG_START, 12, NULL, "thousands of cycles, by multipliers");
  draw_legend(out, 270, 22);
  for (uint32_t n = 0; n < SIZING_NETWORKS; n++) {
    struct svg_panel panel = {.left = 62 + (double)(n % COLUMNS) * (PANEL_WIDTH + GAP_X),
                              .top = 68 + floor((double)n / COLUMNS) * (PANEL_HEIGHT + GAP_Y),
                              .width = PANEL_WIDTH,
                              .height = PANEL_HEIGHT,
                              .x_low = low_multipliers,
                              .x_high = high_multipliers,
                              .is_log_x = true,
                              .is_log_y = true};
    draw_panel(out, results, n, &panel);
  }
  svg_end(out);
}
