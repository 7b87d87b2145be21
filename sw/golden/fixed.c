/* SPDX-License-Identifier: Apache-2.0 */
/* fixed: activations, gates and cell update in integers; see fixed.h and docs/numerics.md. */
#include "golden/fixed.h"

/* s = sigmoid(n / 24); 65536 * (s - s(1-s)(1-2s) / (16 * 576)) rounded, the last entry 65535.
 * The unit test computes it again. */
const uint16_t trine_sigmoid_table[TRINE_SIGMOID_TABLE_SIZE] = {
    32768, 33451, 34133, 34813, 35493, 36169, 36843, 37513, 38180, 38841, 39498, 40149, 40794,
    41432, 42064, 42688, 43304, 43912, 44511, 45102, 45683, 46255, 46817, 47369, 47911, 48443,
    48964, 49475, 49975, 50464, 50942, 51409, 51865, 52311, 52745, 53169, 53581, 53983, 54374,
    54755, 55125, 55485, 55834, 56174, 56503, 56823, 57133, 57433, 57724, 58007, 58280, 58544,
    58800, 59048, 59288, 59519, 59743, 59959, 60168, 60370, 60565, 60753, 60935, 61110, 61279,
    61441, 61599, 61750, 61896, 62036, 62172, 62302, 62428, 62549, 62666, 62778, 62886, 62990,
    63090, 63186, 63279, 63368, 63454, 63536, 63615, 63691, 63765, 63835, 63903, 63968, 64030,
    64090, 64148, 64204, 64257, 64308, 64357, 64405, 64450, 64494, 64536, 64576, 64614, 64652,
    64687, 64721, 64754, 64786, 64816, 64845, 64873, 64900, 64926, 64950, 64974, 64997, 65019,
    65039, 65060, 65079, 65097, 65115, 65132, 65149, 65164, 65179, 65194, 65208, 65221, 65234,
    65246, 65258, 65269, 65280, 65291, 65301, 65310, 65319, 65328, 65337, 65345, 65352, 65360,
    65367, 65374, 65381, 65387, 65393, 65399, 65404, 65410, 65415, 65420, 65425, 65429, 65433,
    65438, 65442, 65445, 65449, 65453, 65456, 65459, 65462, 65465, 65468, 65471, 65474, 65476,
    65479, 65481, 65483, 65485, 65488, 65489, 65491, 65493, 65495, 65497, 65498, 65500, 65501,
    65503, 65504, 65505, 65507, 65508, 65509, 65510, 65511, 65512, 65513, 65514, 65515, 65516,
    65517, 65517, 65518, 65519, 65520, 65520, 65521, 65522, 65522, 65523, 65523, 65524, 65524,
    65525, 65525, 65526, 65526, 65526, 65527, 65527, 65528, 65528, 65528, 65529, 65529, 65529,
    65529, 65530, 65530, 65530, 65530, 65531, 65531, 65531, 65531, 65531, 65532, 65532, 65532,
    65532, 65532, 65532, 65533, 65533, 65533, 65533, 65533, 65533, 65533, 65533, 65534, 65534,
    65534, 65534, 65534, 65534, 65534, 65534, 65534, 65534, 65535,
};

/* Table entry `index` and fraction / 2^bits of the way to the next; unit 2^-(16 + bits). */
static int32_t interpolate(int32_t index, int32_t fraction, int bits) {
  int32_t here = trine_sigmoid_table[index];
  int32_t next = trine_sigmoid_table[index + 1];
  return here * (1 << bits) + fraction * (next - here);
}

int32_t trine_sigmoid_q15(int16_t a) {
  int32_t v = 3 * (int32_t)a;
  int32_t m = v < 0 ? -v : v;
  int32_t r = interpolate(m >> 9, m & 511, 9);
  /* The negative half is rounded so that both halves add up to one exactly. */
  return v >= 0 ? (r + 512) >> 10 : ((1 << 25) - r + 511) >> 10;
}

int32_t trine_tanh_q15(int16_t a, int n) {
  int32_t v = 3 * (int32_t)a;
  v = n >= 0 ? v * (1 << n) : (v + (1 << (-n - 1))) >> -n;
  int32_t m = v < 0 ? -v : v;
  int32_t u = m >> 8;
  int32_t r = u >= TRINE_SIGMOID_TABLE_SIZE - 1 ? UINT16_MAX << 8 : interpolate(u, m & 255, 8);
  return v >= 0 ? (r - (1 << 23) + 128) >> 8 : ((1 << 23) - r + 127) >> 8;
}

/* trine_sat16 that remembers whether it changed its argument. */
static int16_t sat16_noting(int64_t value, unsigned event, unsigned *events) {
  int16_t result = trine_sat16(value);
  *events |= result != value ? event : 0;
  return result;
}

int16_t trine_preactivation(int32_t x_part, int32_t h_part, int cmsis_corner, unsigned *events) {
  unsigned event = TRINE_EVENT_GATE_SATURATED;
  int32_t x = sat16_noting(x_part, event, events);
  int64_t h = cmsis_corner ? h_part : sat16_noting(h_part, event, events);
  return sat16_noting(x + h, event, events);
}

void trine_gates(const int16_t pre[TRINE_GATES], int32_t gate[TRINE_GATES]) {
  gate[TRINE_GATE_I] = trine_sigmoid_q15(pre[TRINE_GATE_I]);
  gate[TRINE_GATE_F] = trine_sigmoid_q15(pre[TRINE_GATE_F]);
  gate[TRINE_GATE_G] = trine_tanh_q15(pre[TRINE_GATE_G], 0);
  gate[TRINE_GATE_O] = trine_sigmoid_q15(pre[TRINE_GATE_O]);
}

int16_t trine_cell_update(const struct trine_cell *cell, const int32_t gate[TRINE_GATES], int16_t c,
                          unsigned *events) {
  unsigned event = TRINE_EVENT_CELL_SATURATED;
  const int32_t half = 1 << 30;
  int32_t kept = trine_requantise(gate[TRINE_GATE_F] * c, half, -14);
  int32_t added =
      trine_requantise(gate[TRINE_GATE_I] * gate[TRINE_GATE_G], half, -29 - cell->exponent);
  int32_t sum = sat16_noting(kept, event, events) + sat16_noting(added, event, events);
  int16_t result = sat16_noting(sum, event, events);
  if (cell->clip > 0 && (result > cell->clip || result < -cell->clip)) {
    *events |= TRINE_EVENT_CELL_CLIPPED;
    result = (int16_t)(result > 0 ? cell->clip : -cell->clip);
  }
  return result;
}

int8_t trine_hidden_output(const struct trine_cell *cell, int32_t output_gate, int16_t c) {
  int32_t squashed = trine_tanh_q15(c, cell->exponent + 12);
  int32_t scaled = trine_requantise(output_gate * squashed, cell->out.multiplier, cell->out.shift);
  return trine_sat8((int64_t)scaled + cell->zero_point);
}
