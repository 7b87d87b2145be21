/* SPDX-License-Identifier: Apache-2.0 */
/* report_plots: see report_plots.h. */
#include "report_plots.h"

#include <string.h>

#include "report_rows.h"
#include "report_svg.h"

enum { SMALL_MACS = 64, POINTS = 8, SIZES = 7, STEPS = 128, TEXT_BYTES = 96 };

static const double core_ticks[] = {1, 2, 4, 8};
enum { CORE_TICKS = sizeof core_ticks / sizeof core_ticks[0] };

static struct report_row find(const struct bench_results *results, const char *network, int steps,
                              const char *mode, int cores) {
  const cJSON *json = NULL;
  cJSON_ArrayForEach(json, results->rows) {
    const struct report_row row = report_read(json);
    if (row.is_run && strcmp(row.network, network) == 0 && row.steps == steps && row.batch == 1 &&
        strcmp(row.mode, mode) == 0 && row.asked_cores == cores &&
        row.macs_per_core == SMALL_MACS) {
      return row;
    }
  }
  const struct report_row none = {.json = NULL};
  return none;
}

/* --- Speed-up against cores --- */

struct curve {
  const char *network;
  int steps;
};

static void plot_mode(FILE *out, const struct bench_results *results, const struct svg_panel *panel,
                      const char *mode, const struct curve *curves, int count) {
  const double ideal_x[] = {0, 8.4};
  svg_axes(out, panel, core_ticks, CORE_TICKS, core_ticks, CORE_TICKS);
  svg_text(out, panel->left + panel->width / 2, panel->top - 10, SVG_MIDDLE, 14, NULL, mode);
  svg_series(out, panel, ideal_x, ideal_x, 2, "#9aa1a9", "5,4");
  for (int n = 0; n < count; n++) {
    double x[POINTS] = {1}, y[POINTS] = {1};
    int points = 1;
    for (int cores = 2; cores <= 8; cores *= 2) {
      const struct report_row row = find(results, curves[n].network, curves[n].steps, mode, cores);
      if (row.speed_up > 0) {
        x[points] = cores;
        y[points] = row.speed_up;
        points++;
      }
    }
    if (points > 1) {
      svg_series(out, panel, x, y, points, svg_colour(n), "");
    }
  }
}

void report_plot_speed_up(FILE *out, const struct bench_results *results) {
  static const char *const modes[] = {"multi-programming", "multithreading", "helper", "hybrid"};
  static const struct curve curves[] = {{"128-128", 128}, {"128-128x4", 128}, {"32-128x4", 128},
                                        {"stack4", 128},  {"12-64-64", 128},  {"vowels", 29},
                                        {"64-64", 128},   {"32-32", 128}};
  const int count = sizeof curves / sizeof curves[0];
  const int panel_width = 250, gap = 62;
  svg_begin(out, 4 * (panel_width + gap) + 170, 370);
  for (int n = 0; n < 4; n++) {
    const struct svg_panel panel = {
        52 + n * (panel_width + gap), 60, panel_width, 240, 0, 8.4, 0, 8.4, false, false};
    plot_mode(out, results, &panel, modes[n], curves, count);
    svg_text(out, panel.left + panel.width / 2, 336, SVG_MIDDLE, 12, NULL, "cores of 64 MACs");
  }
  svg_text(out, 12, 22, SVG_START, 12, NULL, "speed-up over one core");
  const double left = 4 * (panel_width + gap) + 16;
  for (int n = 0; n < count; n++) {
    char text[TEXT_BYTES];
    const double y = 52 + 20 * n;
    (void)snprintf(text, sizeof text, "%s, T %d", curves[n].network, curves[n].steps);
    svg_line(out, left, y - 4, left + 22, y - 4, svg_colour(n), 2, "");
    svg_dot(out, left + 11, y - 4, 3.2, svg_colour(n));
    svg_text(out, left + 30, y, SVG_START, 12, NULL, text);
  }
  svg_line(out, left, 48 + 20 * count, left + 22, 48 + 20 * count, "#9aa1a9", 2, "5,4");
  svg_text(out, left + 30, 52 + 20 * count, SVG_START, 12, NULL, "as many as cores");
  svg_end(out);
}

/* --- Utilisation against size --- */

static void plot_cores(FILE *out, const struct bench_results *results,
                       const struct svg_panel *panel, const double *sizes, int steps, int index) {
  double x[SIZES], used[SIZES], bound[SIZES];
  const int cores = (int)core_ticks[index];
  int points = 0;
  for (int n = 0; n < SIZES; n++) {
    char network[32];
    (void)snprintf(network, sizeof network, "%.0f-%.0f", sizes[n], sizes[n]);
    const struct report_row row =
        find(results, network, steps, cores == 1 ? "single" : "helper", cores);
    if (row.json != NULL && row.shape_cycles > 0) {
      x[points] = sizes[n];
      used[points] = row.utilisation;
      bound[points] = row.limit_cycles / row.shape_cycles;
      points++;
    }
  }
  if (points > 0) {
    svg_series(out, panel, x, bound, points, svg_colour(index), "5,4");
    svg_series(out, panel, x, used, points, svg_colour(index), "");
  }
}

static void plot_legend(FILE *out, double left, double top) {
  for (int n = 0; n < CORE_TICKS; n++) {
    char text[TEXT_BYTES];
    const double y = top + 40 * n;
    (void)snprintf(text, sizeof text, n == 0 ? "1 core" : "helper on %.0f cores", core_ticks[n]);
    svg_line(out, left, y - 4, left + 26, y - 4, svg_colour(n), 2, "");
    svg_dot(out, left + 13, y - 4, 3.2, svg_colour(n));
    svg_text(out, left + 34, y, SVG_START, 12, NULL, text);
    svg_line(out, left, y + 12, left + 26, y + 12, svg_colour(n), 2, "5,4");
    svg_text(out, left + 34, y + 16, SVG_START, 12, NULL, "bound of its shape");
  }
}

void report_plot_utilisation(FILE *out, const struct bench_results *results) {
  static const double sizes[SIZES] = {16, 32, 64, 96, 128, 256, 512};
  static const double shares[] = {0, 0.2, 0.4, 0.6, 0.8, 0.9, 1};
  static const int steps[] = {STEPS, 8};
  const int share_count = sizeof shares / sizeof shares[0];
  const double width = 400;
  svg_begin(out, 1080, 400);
  svg_text(out, 12, 20, SVG_START, 12, NULL,
           "products over all MAC slots of the cores; one layer of I = H, weights resident");
  for (int p = 0; p < 2; p++) {
    char text[TEXT_BYTES];
    const struct svg_panel panel = {
        50 + p * (width + 60), 56, width, 290, 14, 580, 0, 1.02, true, false};
    svg_axes(out, &panel, sizes, SIZES, shares, share_count);
    (void)snprintf(text, sizeof text, "%d time steps", steps[p]);
    svg_text(out, panel.left + width / 2, 46, SVG_MIDDLE, 14, NULL, text);
    svg_text(out, panel.left + width / 2, 384, SVG_MIDDLE, 12, NULL, "I = H");
    for (int n = 0; n < CORE_TICKS; n++) {
      plot_cores(out, results, &panel, sizes, steps[p], n);
    }
  }
  plot_legend(out, 50 + 2 * (width + 60) - 40, 74);
  svg_end(out);
}
