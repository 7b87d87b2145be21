/* SPDX-License-Identifier: Apache-2.0 */
/* float_rows: operators row by row, see float_rows.h. */
#include "float/float_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

float *float_turn(const float *w, size_t rows, size_t columns) {
  float *turned = malloc((rows * columns + 1) * sizeof *turned);
  for (size_t r = 0; r < rows && turned != NULL; r++) {
    for (size_t n = 0; n < columns; n++) {
      turned[n * rows + r] = w[r * columns + n];
    }
  }
  return turned;
}

void float_sums(const float *restrict turned, size_t rows, size_t columns, const float *restrict x,
                float *restrict y) {
  memset(y, 0, rows * sizeof *y);
  size_t n = 0;
  for (; n + 4 <= columns; n += 4) { /* four at once: y is read and written once for them */
    const float *a = turned + n * rows, *b = a + rows, *c = b + rows, *d = c + rows;
    const float xa = x[n], xb = x[n + 1], xc = x[n + 2], xd = x[n + 3];
    for (size_t r = 0; r < rows; r++) {
      y[r] = (((y[r] + a[r] * xa) + b[r] * xb) + c[r] * xc) + d[r] * xd;
    }
  }
  for (; n < columns; n++) {
    for (size_t r = 0; r < rows; r++) {
      y[r] += turned[n * rows + r] * x[n];
    }
  }
}

float float_logistic(float a) {
  return 1.0F / (1.0F + expf(-a));
}

void float_dense_end(const struct trine_float_matrix *matrix, float *y) {
  for (uint32_t u = 0; u < matrix->units; u++) {
    const float sum = y[u] + (matrix->bias == NULL ? 0.0F : matrix->bias[u]);
    y[u] = fminf(fmaxf(sum, matrix->out_min), matrix->out_max);
  }
}

void float_softmax(const float *x, size_t width, float beta, float *y) {
  float largest = x[0], sum = 0.0F;
  for (size_t n = 1; n < width; n++) {
    largest = fmaxf(largest, x[n]);
  }
  for (size_t n = 0; n < width; n++) {
    y[n] = expf(beta * (x[n] - largest));
    sum += y[n];
  }
  for (size_t n = 0; n < width; n++) {
    y[n] /= sum;
  }
}

size_t float_argmax(const float *x, size_t width) {
  size_t best = 0;
  for (size_t n = 1; n < width; n++) {
    best = x[n] > x[best] ? n : best;
  }
  return best;
}

/* x less the logarithm of the sum of all e^x. */
static void log_softmax_row(const float *x, uint32_t width, float *y) {
  float largest = x[0], sum = 0.0F;
  for (uint32_t n = 1; n < width; n++) {
    largest = fmaxf(largest, x[n]);
  }
  for (uint32_t n = 0; n < width; n++) {
    sum += expf(x[n] - largest);
  }
  for (uint32_t n = 0; n < width; n++) {
    y[n] = x[n] - largest - logf(sum);
  }
}

/* Column n of a row whose columns do not mind each other. */
static float column(const struct trine_float_node *node, const float *x, const float *other,
                    uint32_t n) {
  const float a = x[n];
  switch (node->op) {
    case TRINE_FLOAT_LOGISTIC:
      return float_logistic(a);
    case TRINE_FLOAT_RELU:
      return fmaxf(a, 0.0F);
    case TRINE_FLOAT_TANH:
      return tanhf(a);
    case TRINE_FLOAT_LEAKY_RELU:
      return a < 0.0F ? node->alpha * a : a;
    case TRINE_FLOAT_ELU:
      return a < 0.0F ? expm1f(a) : a;
    case TRINE_FLOAT_AFFINE:
      return a * node->scale[n] + node->bias[n];
    case TRINE_FLOAT_ADD:
      return a + other[n];
    case TRINE_FLOAT_MUL:
      return a * other[n];
    case TRINE_FLOAT_COLUMNS:
      return x[(uint32_t)node->first + n];
    default: /* REPEAT */
      return a;
  }
}

void float_row(const struct trine_float_node *node, const float *x, const float *other,
               uint32_t width, uint32_t made, float *y) {
  switch (node->op) {
    case TRINE_FLOAT_SOFTMAX:
      float_softmax(x, width, 1.0F, y);
      break;
    case TRINE_FLOAT_LOG_SOFTMAX:
      log_softmax_row(x, width, y);
      break;
    case TRINE_FLOAT_ARGMAX:
      y[0] = (float)float_argmax(x, width);
      break;
    default:
      for (uint32_t n = 0; n < made; n++) {
        y[n] = column(node, x, other, n);
      }
      break;
  }
}

/* Sum, mean or largest of each column. */
static void reduce(enum trine_float_op op, const float *x, uint32_t steps, uint32_t width,
                   float *y) {
  memcpy(y, x, width * sizeof *y);
  for (uint32_t t = 1; t < steps; t++) {
    for (uint32_t n = 0; n < width; n++) {
      const float more = x[(size_t)t * width + n];
      y[n] = op == TRINE_FLOAT_MAX ? fmaxf(y[n], more) : y[n] + more;
    }
  }
  for (uint32_t n = 0; n < width && op == TRINE_FLOAT_MEAN; n++) {
    y[n] /= (float)steps;
  }
}

void float_steps(const struct trine_float_node *node, const float *x, uint32_t steps,
                 uint32_t width, float *y) {
  uint32_t row;
  if (node->op == TRINE_FLOAT_LAST) {
    row = steps - 1;
  } else if (node->op == TRINE_FLOAT_FIRST) {
    row = 0;
  } else if (node->first < 0) {
    row = steps - (uint32_t)-node->first;
  } else {
    row = (uint32_t)node->first;
  }
  switch (node->op) {
    case TRINE_FLOAT_MEAN:
    case TRINE_FLOAT_MAX:
    case TRINE_FLOAT_SUM:
      reduce(node->op, x, steps, width, y);
      break;
    case TRINE_FLOAT_FLATTEN:
      memcpy(y, x, (size_t)steps * width * sizeof *y);
      break;
    default:
      memcpy(y, x + (size_t)row * width, width * sizeof *y);
      break;
  }
}
