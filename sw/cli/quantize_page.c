/* SPDX-License-Identifier: Apache-2.0 */
/* quantize_page: tables and pictures of a quantised model, see quantize_page.h. */
#include "quantize_page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/file.h"
#include "io/text.h"

enum {
  WIDTH = 480,
  HEIGHT = 130,
  LEFT = 64, /* of a picture's frame, for the numbers beside it */
  FOOT = 18,
  MOST_POINTS = 400, /* of a line */
  WORST_UNITS = 5,
  MOST_DB = 100
};

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<title>trine quantize</title>\n<style>\n"
    "body{font:15px/1.45 system-ui,sans-serif;max-width:1040px;margin:24px auto;padding:0 16px;"
    "color:#1c2733}\n"
    "h2{margin:32px 0 4px;border-top:1px solid #d5dce3;padding-top:16px;overflow-wrap:anywhere}\n"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums}\n"
    "td,th{padding:2px 12px 2px 0;text-align:right}\ntd:first-child,th:first-child{text-align:left;"
    "overflow-wrap:anywhere}\n"
    ".pictures{display:flex;flex-wrap:wrap;gap:8px 24px}\nfigure{margin:8px 0}\n"
    "figcaption{color:#4d5b69;font-size:13px;max-width:480px}\n"
    "svg{display:block;max-width:100%;height:auto}\nsvg text{font-size:11px;fill:#4d5b69}\n"
    "td:first-child{min-width:8em}.real{stroke-width:3;stroke-opacity:.55}\n"
    ".frame{fill:none;stroke:#d5dce3}\n.real{stroke:#1769aa;fill:none}\n"
    ".int8{stroke:#d2521c;fill:none}\n.realbar{fill:#1769aa;fill-opacity:.55}\n"
    ".int8bar{fill:#d2521c;fill-opacity:.55}\n.limit{stroke:#8a1538;stroke-dasharray:4 3}\n"
    ".key1{color:#1769aa}.key2{color:#d2521c}.key3{color:#8a1538}\n"
    "@media(prefers-color-scheme:dark){body{background:#10161c;color:#dde5ec}svg text,figcaption{"
    "fill:#9fb0bf;color:#9fb0bf}.frame{stroke:#33414e}h2{border-color:#33414e}}\n"
    "</style>\n</head>\n<body>\n";

/* A name of a file as text of the page. */
static void put_name(FILE *page, const char *name) {
  char room[TRINE_TEXT_ROOM];
  for (const char *at = trine_text_of(room, sizeof room - 1, name); *at != '\0'; at++) {
    const char *entity;
    if (*at == '<') {
      entity = "&lt;";
    } else if (*at == '>') {
      entity = "&gt;";
    } else if (*at == '&') {
      entity = "&amp;";
    } else if (*at == '"') {
      entity = "&quot;";
    } else {
      entity = NULL;
    }
    if (entity != NULL) {
      (void)fputs(entity, page);
    } else {
      (void)fputc(*at, page);
    }
  }
}

static void put_decibels(FILE *page, double value) {
  if (isfinite(value)) {
    (void)fprintf(page, "%.1f", value);
  } else {
    (void)fputs(value > 0 ? "exact" : "-", page);
  }
}

/* The frame of a picture, with the numbers of its axes. */
static void begin_picture(FILE *page, double low, double high, const char *left,
                          const char *right) {
  (void)fprintf(page,
                "<figure><svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">"
                "<rect class=\"frame\" x=\"%d\" y=\"1\" width=\"%d\" height=\"%d\"/>"
                "<text x=\"%d\" y=\"12\" text-anchor=\"end\">%.3g</text>"
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.3g</text>"
                "<text x=\"%d\" y=\"%d\">%s</text>"
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n",
                WIDTH, HEIGHT, WIDTH, HEIGHT, LEFT, WIDTH - LEFT - 1, HEIGHT - FOOT, LEFT - 4, high,
                LEFT - 4, HEIGHT - FOOT, low, LEFT, HEIGHT - 4, left, WIDTH - 2, HEIGHT - 4, right);
}

static void end_picture(FILE *page, const char *caption) {
  (void)fprintf(page, "</svg><figcaption>%s</figcaption></figure>\n", caption);
}

static double across(double share) {
  return LEFT + share * (WIDTH - LEFT - 1);
}

static double up(double value, double low, double high) {
  const double share = high > low ? (value - low) / (high - low) : 0.5;
  return 1 + (1 - fmin(1, fmax(0, share))) * (HEIGHT - FOOT);
}

/* A line through numbers; longer ones are thinned out. */
static void put_line(FILE *page, const char *kind, const float *numbers, size_t count,
                     size_t stride, double low, double high) {
  const size_t every = count / MOST_POINTS + 1;
  (void)fprintf(page, "<polyline class=\"%s\" points=\"", kind);
  for (size_t n = 0; n < count; n += every) {
    (void)fprintf(page, "%.1f,%.1f ", across(count > 1 ? (double)n / (double)(count - 1) : 0.5),
                  up((double)numbers[n * stride], low, high));
  }
  (void)fputs("\"/>\n", page);
}

/* How often the output was where; bars are by the root, so that rare values are seen. */
static void put_bars(FILE *page, const char *kind, const uint64_t *bins, double most) {
  const double width = (double)(WIDTH - LEFT - 1) / TRINE_QUANTIZE_BINS;
  for (int n = 0; n < TRINE_QUANTIZE_BINS; n++) {
    const double height = most > 0 ? sqrt((double)bins[n] / most) * (HEIGHT - FOOT) : 0;
    if (height > 0) {
      (void)fprintf(page,
                    "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                    kind, LEFT + n * width, 1 + HEIGHT - FOOT - height, width, height);
    }
  }
}

static void put_histogram(FILE *page, const struct trine_quantized_layer *layer,
                          const struct trine_quantized_detail *detail) {
  const double low = (double)layer->seen_low, high = (double)layer->seen_high;
  const float ends[] = {layer->low, layer->high};
  char left[32], right[32];
  double most = 0;
  for (int n = 0; n < TRINE_QUANTIZE_BINS; n++) {
    most = fmax(most, (double)detail->real_bins[n]);
    most = fmax(most, (double)detail->int8_bins[n]);
  }
  (void)snprintf(left, sizeof left, "%.4g", low);
  (void)snprintf(right, sizeof right, "%.4g", high);
  begin_picture(page, 0, most, left, right);
  put_bars(page, "realbar", detail->real_bins, most);
  put_bars(page, "int8bar", detail->int8_bins, most);
  for (int n = 0; n < 2 && high > low; n++) {
    const double x = across(fmin(1, fmax(0, ((double)ends[n] - low) / (high - low))));
    (void)fprintf(page, "<line class=\"limit\" x1=\"%.1f\" y1=\"1\" x2=\"%.1f\" y2=\"%d\"/>\n", x,
                  x, HEIGHT - FOOT);
  }
  end_picture(page,
              "How often its output was where (height: the root of the count), <b "
              "class=\"key1\">float</b> and <b class=\"key2\">int8</b>; <b class=\"key3\">"
              "dashed</b>: what int8 reaches.");
}

static void put_steps(FILE *page, const struct trine_quantized_detail *detail) {
  float *decibels = calloc((size_t)detail->steps + 1, sizeof *decibels);
  uint32_t count = 0;
  char last[32];
  for (uint32_t t = 0; t < detail->steps && decibels != NULL; t++) {
    if (detail->step_signal[t] > 0 || detail->step_noise[t] > 0) {
      const double ratio = detail->step_noise[t] > 0
                               ? 10 * log10(detail->step_signal[t] / detail->step_noise[t])
                               : MOST_DB;
      decibels[count++] = (float)fmin(MOST_DB, fmax(0, ratio));
    }
  }
  double high = 1;
  for (uint32_t t = 0; t < count; t++) {
    high = fmax(high, (double)decibels[t]);
  }
  if (count > 1) {
    (void)snprintf(last, sizeof last, "step %u", count - 1);
    begin_picture(page, 0, high, "step 0", last);
    put_line(page, "real", decibels, count, 1, 0, high);
    end_picture(page, "Signal to noise by step of the layer, dB.");
  }
  free(decibels);
}

/* The units that came out worst. */
static void put_units(FILE *page, const struct trine_quantized_detail *detail) {
  bool done[WORST_UNITS] = {false};
  uint32_t taken[WORST_UNITS];
  uint32_t count = 0;
  for (; count < WORST_UNITS && count < detail->units; count++) {
    double least = INFINITY;
    for (uint32_t u = 0; u < detail->units; u++) {
      bool is_taken = false;
      for (uint32_t n = 0; n < count; n++) {
        is_taken = is_taken || taken[n] == u;
      }
      const double noise = detail->unit_noise[u];
      const double ratio = noise > 0 ? 10 * log10(detail->unit_signal[u] / noise) : MOST_DB;
      if (!is_taken && ratio < least) {
        least = ratio;
        taken[count] = u;
        done[count] = true;
      }
    }
    if (!done[count]) {
      break;
    }
    (void)fprintf(page, "%s%u (%.1f dB)", count == 0 ? "<p>Worst units: " : ", ", taken[count],
                  least);
  }
  (void)fputs(count > 0 ? "</p>\n" : "", page);
}

static void put_layer(FILE *page, const struct trine_quantized_layer *layer,
                      const struct trine_quantized_detail *detail) {
  (void)fputs("<h2>", page);
  put_name(page, layer->name);
  (void)fprintf(
      page,
      "</h2>\n<p>%s, %u units. Output seen from %.4g to %.4g, int8 from %.4g to %.4g (%s), "
      "scale %.6g, zero point %d. Signal to noise ",
      layer->kind == TRINE_LAYER_LSTM ? "LSTM" : "Dense", detail->units, (double)layer->seen_low,
      (double)layer->seen_high, (double)layer->low, (double)layer->high,
      cli_calibrate_name(layer->by), (double)layer->scale, layer->zero_point);
  put_decibels(page, layer->snr_db);
  (void)fputs(" dB.", page);
  if (layer->kind == TRINE_LAYER_LSTM) {
    (void)fprintf(
        page,
        " Cell up to %.4g at scale 2^%d. At a limit: %.3f %% of the gates, %.3f %% of the "
        "cells.",
        (double)layer->largest_cell, layer->cell_exponent, 100 * layer->gates_saturated,
        100 * layer->cells_saturated);
  }
  (void)fputs("</p>\n<div class=\"pictures\">\n", page);
  put_histogram(page, layer, detail);
  put_steps(page, detail);
  (void)fputs("</div>\n", page);
  put_units(page, detail);
}

/* The first values of the output, one below the other, of the first sequence. */
static void put_output(FILE *page, const struct trine_quantized *made,
                       const struct trine_float_batch *batch) {
  const size_t width = trine_model_info(made->model)->output.width;
  const size_t all = made->output_count / width / batch->sequences;
  const size_t rows = all > 1 && batch->lengths != NULL ? batch->lengths[0] : all;
  (void)fputs("<h2>Output, first sequence</h2>\n<div class=\"pictures\">\n", page);
  if (rows <= 1) {
    float low = INFINITY, high = -INFINITY;
    for (size_t n = 0; n < width; n++) {
      low = fminf(low, fminf(made->real[n], made->int8[n]));
      high = fmaxf(high, fmaxf(made->real[n], made->int8[n]));
    }
    begin_picture(page, (double)low, (double)high, "value 0", "last");
    put_line(page, "real", made->real, width, 1, (double)low, (double)high);
    put_line(page, "int8", made->int8, width, 1, (double)low, (double)high);
    end_picture(page,
                "<b class=\"key1\">float</b> and <b class=\"key2\">int8</b>, value by value.");
  }
  for (size_t k = 0; k < width && k < 4 && rows > 1; k++) {
    float low = INFINITY, high = -INFINITY;
    char caption[128];
    for (size_t t = 0; t < rows; t++) {
      low = fminf(low, fminf(made->real[t * width + k], made->int8[t * width + k]));
      high = fmaxf(high, fmaxf(made->real[t * width + k], made->int8[t * width + k]));
    }
    begin_picture(page, (double)low, (double)high, "step 0", "last");
    put_line(page, "real", made->real + k, rows, width, (double)low, (double)high);
    put_line(page, "int8", made->int8 + k, rows, width, (double)low, (double)high);
    (void)snprintf(caption, sizeof caption,
                   "Value %zu: <b class=\"key1\">float</b> and <b class=\"key2\">int8</b>.", k);
    end_picture(page, caption);
  }
  (void)fputs("</div>\n", page);
}

static void put_summary(FILE *page, const struct cli_options *options,
                        const struct trine_quantized *made, uint32_t sequences) {
  (void)fputs("<h1>", page);
  put_name(page, options->jobs[0].output);
  (void)fputs("</h1>\n<p>int8, made of ", page);
  put_name(page, options->jobs[0].model);
  (void)fprintf(page, " with %u sequences of ", sequences);
  for (uint32_t n = 0; n < options->jobs[0].input_count; n++) {
    (void)fputs(n == 0 ? "" : ", ", page);
    put_name(page, options->jobs[0].inputs[n]);
  }
  (void)fputs(". End to end, float against int8: <b>", page);
  put_decibels(page, made->snr_db);
  (void)fprintf(page,
                " dB</b>%s.</p>\n<table>\n<tr><th>layer</th><th>kind</th><th>units</th>"
                "<th>SNR dB</th><th>gates %%</th><th>cells %%</th><th>range by</th></tr>\n",
                made->clamps_weights ? ", weights clamped for the least error" : "");
  for (uint32_t n = 0; n < made->layer_count; n++) {
    const struct trine_quantized_layer *layer = &made->layers[n];
    const bool lstm = layer->kind == TRINE_LAYER_LSTM;
    (void)fputs("<tr><td>", page);
    put_name(page, layer->name);
    (void)fprintf(page, "</td><td>%s</td><td>%u</td><td>", lstm ? "LSTM" : "dense",
                  made->details[n].units);
    put_decibels(page, layer->snr_db);
    if (lstm) {
      (void)fprintf(page, "</td><td>%.3f</td><td>%.3f", 100 * layer->gates_saturated,
                    100 * layer->cells_saturated);
    } else {
      (void)fputs("</td><td></td><td>", page);
    }
    (void)fprintf(page, "</td><td>%s</td></tr>\n", cli_calibrate_name(layer->by));
  }
  (void)fputs("</table>\n", page);
  for (uint32_t n = 0; n < made->note_count; n++) {
    (void)fputs("<p>Note: ", page);
    put_name(page, made->notes[n]);
    (void)fputs(".</p>\n", page);
  }
}

bool cli_quantize_page(const char *path, const struct cli_options *options,
                       const struct trine_quantized *made, const struct trine_float_batch *batch,
                       struct trine_error *error) {
  char *text = NULL;
  size_t length = 0;
  FILE *page = open_memstream(&text, &length);
  if (page == NULL) {
    trine_error_set(error, "There is no memory for the page of --report.");
    return false;
  }
  (void)fputs(head, page);
  put_summary(page, options, made, batch->sequences);
  if (made->real != NULL) {
    put_output(page, made, batch);
  }
  for (uint32_t n = 0; n < made->layer_count; n++) {
    put_layer(page, &made->layers[n], &made->details[n]);
  }
  (void)fputs("</body>\n</html>\n", page);
  const bool whole = ferror(page) == 0;
  if (fclose(page) != 0 || !whole) {
    trine_error_set(error, "There is no memory for the page of --report.");
    free(text);
    return false;
  }
  const struct trine_file_buffer buffer = {text, length};
  const bool good = trine_file_replace(path, &buffer, 1, error) == TRINE_OK;
  free(text);
  return good;
}
