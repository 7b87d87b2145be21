# SPDX-License-Identifier: Apache-2.0
"""draw_onnx: random .onnx graphs in which LSTM cells are unrolled, or stand in a Loop or Scan, each
with data and what onnxruntime makes of them. A fifth are spoilt, and are to be refused.

Call: draw_onnx.py FOLDER COUNT [SEED]. Writes NNN_FORM.onnx with _x.npy and _y.npy, or
refused_NNN_FORM.onnx. Each depends on the seed and its number. Packages: tests/onnx/requirements.txt.
"""

import random
import sys

import numpy as np
from onnx import TensorProto, helper

from make_onnx import Graph, gathered, run, side_by_side, sliced


class Cell:
    """One way to write a cell: [x,h] as one matrix or two, gates in any order, by Split or Slice."""

    def __init__(self, g, r, width, units):
        self.r, self.width, self.units = r, width, units
        self.order = r.sample("ifgo", 4)
        self.joined, self.gemm, self.split = r.random() < 0.4, r.random() < 0.5, r.random() < 0.5
        self.bias_twice, self.extra = r.random() < 0.5, r.random() < 0.3
        self.draw(g)

    def draw(self, g):
        width, units = self.width, self.units
        turned = self.gemm and not self.joined
        shapes = [(width + units, 4 * units)] if self.joined else [(width, 4 * units), (units, 4 * units)]
        self.matrices = [g.weights(*(shape[::-1] if turned else shape)) for shape in shapes]
        self.biases = [g.weights(4 * units) for _ in range(2 if self.bias_twice else 1)]
        self.one = g.hold(1) if self.extra else None
        self.bounds = [g.ints(n) for n in (0, units, 2 * units, 3 * units, 2**31 - 1)]
        self.axis, self.sizes = g.ints(1), g.ints(*[units] * 4)

    def step(self, g, x, h, c, squash="Tanh", spare=None):
        """The next h and c; spare: other matrices."""
        w = spare or self.matrices
        if self.joined:
            z = g.op("MatMul", g.op("Concat", x, h, axis=1), w[0])
        elif self.gemm:
            z = g.op("Add", g.op("Gemm", x, w[0], self.biases[0], transB=1), g.op("Gemm", h, w[1], transB=1))
        else:
            z = g.op("Add", g.op("MatMul", x, w[0]), g.op("MatMul", h, w[1]))
        for bias in self.biases[1 if self.gemm and not self.joined else 0:]:
            z = g.op("Add", *self.r.sample([z, bias], 2))
        if self.split:
            parts = g.op("Split", z, self.sizes, results=4, axis=self.r.choice([1, -1]))
        else:
            parts = [g.op("Slice", z, self.bounds[n], self.bounds[n + 1], self.axis) for n in range(4)]
        gates = dict(zip(self.order, parts))
        if self.extra:
            gates["f"] = g.op("Add", gates["f"], self.one)
        return g.state(*[gates[name] for name in "ifgo"], c, squash)


def body_of(g, cell, inputs, outputs, before=0):
    """The nodes from `before` on as a graph of their own; it reads matrices from around it."""
    nodes, g.nodes = g.nodes[before:], g.nodes[:before]
    ends = [[helper.make_tensor_value_info(n, t, None if t == TensorProto.FLOAT else []) for n, t in part] for part in (inputs, outputs)]
    return helper.make_graph(nodes, "body", *ends)


def scan(g, cell, x, time_first, backward, squash):
    """All h as [T,1,H] or, of [1,T,I], the same."""
    k = len(g.nodes)
    h, c = cell.step(g, f"x_{k}", f"h_{k}", f"c_{k}", squash)
    out = g.op("Identity", h)
    floats = TensorProto.FLOAT
    body = body_of(g, cell, [(f"h_{k}", floats), (f"c_{k}", floats), (f"x_{k}", floats)], [(h, floats), (c, floats), (out, floats)], k)
    more = {"scan_input_directions": [1], "scan_output_directions": [1]} if backward else {}
    if not time_first:
        more["scan_input_axes"] = [1]
    names = [f"{n}_{k}" for n in ("hn", "cn", "all")]
    g.nodes.append(helper.make_node("Scan", [g.zeros(cell.units), g.zeros(cell.units), x], names, body=body, num_scan_inputs=1, **more))
    return names


def loop(g, cell, x, steps, time_first, squash):
    """The same by number of the step; the rows are read from around the loop."""
    k = len(g.nodes)
    names = [f"{n}_{k}" for n in ("i", "go", "h", "c")]
    row = g.op("Gather", x, names[0], axis=0 if time_first else 1)
    h, c = cell.step(g, row, names[2], names[3], squash)
    go, out = g.op("Identity", names[1]), g.op("Identity", h)
    floats, whole, yes = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL
    body = body_of(g, cell, list(zip(names, (whole, yes, floats, floats))), [(go, yes), (h, floats), (c, floats), (out, floats)], k)
    if steps is None:
        shape = g.op("Shape", x)
        steps = g.op("Gather", shape, g.hold(0 if time_first else 1, np.int64), axis=0)
    else:
        steps = g.hold(steps, np.int64)
    made = [f"{n}_{k}" for n in ("hn", "cn", "all")]
    g.nodes.append(helper.make_node("Loop", [steps, g.hold(True, np.bool_), g.zeros(cell.units), g.zeros(cell.units)], made, body=body))
    return made


def unrolled(g, r, cell, rows, backward, squash, other):
    h, c = g.zeros(cell.units), g.zeros(cell.units)
    out, steps = [None] * len(rows), list(range(len(rows)))
    for n in steps[::-1] if backward else steps:
        h, c = cell.step(g, rows[n], h, c, squash, other if n == len(rows) // 2 else None)
        out[n] = h
    return out


def layers(g, r, form, width, steps, open_steps, time_first, spoilt):
    """Layers of a form; the last one's rows in a list, or all in one value, and its end."""
    squash = "Relu" if spoilt == "relu" else "Tanh"
    rows = (gathered if time_first or r.random() < 0.5 else sliced)(g, "x", steps, *([0] if time_first else [])) if form == "unrolled" else "x"
    end = None
    for _ in range(r.choice([1, 1, 2])):
        units, backward = r.randint(2, 7), r.random() < 0.3
        cell = Cell(g, r, width, units)
        if form == "unrolled":
            other = [g.weights(*g.shape(m)) for m in cell.matrices] if spoilt == "weights" else None
            rows = unrolled(g, r, cell, rows, backward, squash, other)
            end = rows[0] if backward else rows[-1]
        elif form == "scan":
            end, _, rows = scan(g, cell, rows, time_first, backward, squash)
            time_first = True
        else:
            end, _, rows = loop(g, cell, rows, None if open_steps else steps, time_first, squash)
            time_first = True
        width = units
    return rows, end, width


class Drawn(Graph):
    def __init__(self, opset, seed):
        super().__init__(opset, seed)
        self.shapes = {}

    def weights(self, *shape):
        name = super().weights(*shape)
        self.shapes[name] = shape
        return name

    def check(self, model):
        """onnxruntime does: the checker wants shapes that it could find itself."""

    def shape(self, name):
        return self.shapes[name]


def draw(folder, number, seed):
    r = random.Random(f"{seed}/{number}")
    g = Drawn(r.choice([13, 14, 17]), [seed, number])
    form = r.choice(["unrolled", "scan", "loop"])
    spoilt = r.choice(["relu", "weights"] if form == "unrolled" else ["relu"]) if r.random() < 0.2 else None
    width, steps = r.randint(1, 6), r.randint(3, 9)
    time_first = r.random() < 0.4
    open_steps = form != "unrolled" and r.random() < 0.5
    rows, end, width_out = layers(g, r, form, width, steps, open_steps, time_first, spoilt)
    all_steps = form != "unrolled" and r.random() < 0.5
    if form == "unrolled" and r.random() < 0.4:
        y = side_by_side(g, rows)
    elif all_steps:
        y = g.op("Identity", rows)
    else:
        y = end
        if r.random() < 0.5:
            y = g.op("Gemm", y, g.weights(width_out, 3), g.weights(3))
        if r.random() < 0.4:
            y = g.op("Softmax", y, axis=-1)
        y = g.op("Identity", y)
    time = "T" if open_steps else steps
    name = f"{folder}/{'refused_' if spoilt else ''}{number:03d}_{form}"
    batch = r.choice([1, "B"])
    g.save(name + ".onnx", [("x", [time, batch, width] if time_first else [batch, time, width])], [(y, None)])
    if spoilt:
        return
    x = g.rng.normal(0, 1, (4, steps, width)).astype(np.float32)
    results = [run(name + ".onnx", {"x": one[:, None] if time_first else one[None]})[0] for one in x]
    np.save(name + "_x.npy", x)
    np.save(name + "_y.npy", np.stack([one.reshape(-1) for one in results]))


if __name__ == "__main__":
    the_seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    print(f"seed {the_seed}")
    for index in range(int(sys.argv[2])):
        draw(sys.argv[1], index, the_seed)
