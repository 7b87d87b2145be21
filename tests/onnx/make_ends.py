#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the cases of steps that are turned round where they are not read by an LSTM, of several tables, of rows in parts, and of
inputs whose numbers of steps are the same only when the graph runs: folders as `graphs cases` reads them.

    python3 make_ends.py OUT_FOLDER
"""
import os
import sys

import numpy as np
from onnx import TensorProto

import make_base
from make_base import B, H, I, LAST, N, T, i64, lstm_weights, node, rng, sized, weight
import make_inputs

E = 3  # width of a table's rows
ROWS = 7  # of a table
FAR = {**LAST, "least": i64(-2**63)}


def case(name, nodes, constants, inputs, data):
    """The constants that a node reads: onnxruntime tells of the others."""
    read = {one for n in nodes for one in n.input}
    make_inputs.case(name, nodes, {k: v for k, v in constants.items() if k in read}, inputs, data)


def lstm(x, y, **attributes):
    return [node("Transpose", [x], [x + "_t"], perm=[1, 0, 2]), node("LSTM", [x + "_t", "W", "R", "Bias"], [y + "4", y + "h"], hidden_size=H, **attributes),
            node("Squeeze", [y + "4", "one"], [y + "3"]), node("Transpose", [y + "3"], [y], perm=[1, 0, 2])]


def flip(x, y):
    """torch.flip(x, [1])"""
    return node("Slice", [x, "m1", "least", "one", "m1"], [y])


def second(inputs, directions=1):
    made = lstm_weights(directions, inputs, H)
    return {"W2": made["W"], "R2": made["R"], "Bias2": made["Bias"]}


def head(x, width, units=N):
    return [node("MatMul", [x, "F"], ["z"]), node("Add", ["z", "bias"], ["y"])], {"F": weight(width, units), "bias": weight(units)}


def turned():
    """Outputs, sums, rows side by side and flattened sequences of steps that are turned round."""
    x = {"x": weight(B, T, I)}
    given = sized(None, None, I)
    case("turned_output", [*lstm("x", "a"), flip("a", "y")], {**lstm_weights(1, I, H), **FAR}, given, x)
    last, more = head("b", H)
    case("turned_head_keras", [flip("x", "b_x"), *lstm("b_x", "b"), *last], {**lstm_weights(1, I, H), **FAR, **more}, given, x)
    whole = [node("Shape", ["x"], ["s"]), node("Gather", ["s", "one"], ["t"], axis=0), node("Slice", ["s", "zero", "one"], ["n"]), node("Expand", ["t", "n"], ["lens"])]
    case("turned_by_lengths", [*lstm("x", "a"), *whole, node("ReverseSequence", ["a", "lens"], ["y"], time_axis=1, batch_axis=0)],
         {**lstm_weights(1, I, H), **FAR}, given, x)
    both = [*lstm("x", "a"), flip("x", "b_x"), *lstm("b_x", "b")]
    last, more = head("ab", 2 * H)
    case("turned_beside", [*both, node("Concat", ["b", "a"], ["ab"], axis=2), *last], {**lstm_weights(1, I, H), **FAR, **more}, given, x)
    case("turned_sum", [*both, node("Add", ["a", "b"], ["ab"]), node("Transpose", ["ab"], ["ab_t"], perm=[1, 0, 2]),
                        node("LSTM", ["ab_t", "W2", "R2", "Bias2"], ["c4", "y"], hidden_size=H)], {**lstm_weights(1, I, H), **second(H), **FAR}, given, x)
    last, more = head("flat", T * H)
    case("turned_flattened", [*lstm("x", "a"), flip("a", "b"), node("Flatten", ["b"], ["flat"]), *last], {**lstm_weights(1, I, H), **FAR, **more}, sized(None, T, I), x)


def ids(*shape):
    return rng.integers(0, ROWS, shape).astype(np.int64)


def table(name):
    return {name: weight(ROWS, E)}


def tables():
    """Words and tags of a sentence; a number a sequence beside the last row, and at each step."""
    words, tags = (sized(None, None, name=n, kind=TensorProto.INT64) for n in ("words", "tags"))
    look = [node("Gather", ["Words", "words"], ["w"]), node("Gather", ["Tags", "tags"], ["g"])]
    last, more = head("a", H)
    constants = {**table("Words"), **table("Tags"), **FAR}
    case("tables_of_words_and_tags", [*look, node("Concat", ["w", "g"], ["x"], axis=2), *lstm("x", "a"), *last],
         {**lstm_weights(1, 2 * E, H), **constants, **more}, words + tags, {"words": ids(B, T), "tags": ids(B, T)})
    last, more = head("both", H + E)
    one = [*lstm("w", "a"), node("Squeeze", ["ah", "zero"], ["l"]), node("Squeeze", ["g", "one"], ["g2"]), node("Concat", ["l", "g2"], ["both"], axis=1), *last]
    case("table_of_a_sequence", [*look, *one], {**lstm_weights(1, E, H), **constants, **more}, words + sized(None, 1, name="tags", kind=TensorProto.INT64),
         {"words": ids(B, T), "tags": ids(B, 1)})
    each = [node("Gather", ["Tags", "tags"], ["g2"]), node("Unsqueeze", ["g2", "one"], ["g"]), node("Shape", ["x"], ["s"]), node("Slice", ["s", "one", "two"], ["t"]),
            node("Concat", ["one", "t", "one"], ["sizes"], axis=0), node("Expand", ["g", "sizes"], ["ge"]), node("Concat", ["x", "ge"], ["b"], axis=2)]
    last, more = head("a", H)
    case("table_at_each_step", [*each, *lstm("b", "a"), *last], {**lstm_weights(1, I + E, H), **table("Tags"), **FAR, "two": i64(2), **more},
         sized(None, None, I) + sized(None, name="tags", kind=TensorProto.INT64), {"x": weight(B, T, I), "tags": ids(B)})


def parts():
    """Both directions as parts of a row (torch: y.view(B, T, 2, H).sum(2)), the steps of a forecast, all steps at the end; a difference of two rows."""
    x, given = {"x": weight(B, T, I)}, sized(None, None, I)
    both = [node("Transpose", ["x"], ["xt"], perm=[1, 0, 2]), node("LSTM", ["xt", "W", "R", "Bias"], ["y4"], hidden_size=H, direction="bidirectional"),
            node("Transpose", ["y4"], ["y5"], perm=[2, 0, 1, 3]), node("Reshape", ["y5", "flat"], ["y6"]), node("Reshape", ["y6", "view"], ["v"])]
    last, more = head("a", H)
    constants = {**lstm_weights(2, I, H), **FAR, **more, "flat": i64(0, 0, -1), "axis2": i64(2)}
    case("parts_summed", [*both, node("ReduceSum", ["v", "axis2"], ["a"], keepdims=0), *last], {**constants, "view": i64(0, 0, 2, H)}, given, x)
    case("parts_mean", [*both, node("ReduceMean", ["v"], ["a"], axes=[2], keepdims=0), *last], {**constants, "view": i64(0, 0, 2, -1)}, given, x)
    ahead = [*lstm("x", "a"), node("Squeeze", ["ah", "zero"], ["l"]), node("Gemm", ["l", "F", "bias"], ["z"]), node("Reshape", ["z", "view"], ["y"])]
    case("forecast_of_three_steps", ahead, {**lstm_weights(1, I, H), **FAR, **more, "view": i64(-1, 3, N // 3)}, given, x)
    flat = [*lstm("x", "b"), node("Flatten", ["b"], ["y"])]
    case("flattened_end", flat, {**lstm_weights(1, I, H), **FAR}, sized(None, T, I), x)
    less = [*lstm("x", "b"), node("MatMul", ["b", "Other"], ["c"]), node("Sub", ["b", "c"], ["a"]), *last]
    case("rows_less_rows", less, {**lstm_weights(1, I, H), **FAR, **more, "Other": weight(H, H)}, given, x)


def steps():
    """Two sequences of as many steps, of which one input leaves the number open; by names that differ, and by sizes."""
    join = [node("Concat", ["x", "s"], ["j"], axis=2), *lstm("j", "a")]
    last, more = head("a", H)
    constants = {**lstm_weights(1, I + E, H), **FAR, **more}
    data = {"x": weight(B, T, I), "s": weight(B, T, E)}
    case("steps_by_names", join + last, constants, sized("n", "long", I) + sized("n", "other", E, name="s"), data)
    case("steps_fixed_in_one", join + last, constants, sized(None, None, I) + sized(None, T, E, name="s"), data)
    case("steps_fixed_in_the_first", join + last, constants, sized(None, T, I) + sized(None, None, E, name="s"), data)
    one = [node("Shape", ["s"], ["sh"]), node("Slice", ["sh", "one", "two"], ["t"]), node("Concat", ["zero", "t", "m1"], ["sizes"], axis=0),
           node("Reshape", ["x", "sizes"], ["xs"]), node("Concat", ["xs", "s"], ["j"], axis=2), *lstm("j", "a")]
    case("steps_by_shape_of_other", one + last, {**constants, "two": i64(2)}, sized(None, None, I) + sized(None, None, E, name="s"), data)


if __name__ == "__main__":
    make_base.OUT = sys.argv[1]
    os.makedirs(make_base.OUT, exist_ok=True)
    for draw in (turned, tables, parts, steps):
        draw()
