#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""draw_graphs.py: random graphs of LSTMs and of operators that move axes, rows and lengths about.

    python draw_graphs.py FOLDER COUNT [SEED]
    python draw_graphs.py FOLDER LIST [SEED]     the numbers that a file lists, put down as 0, 1, ...

For each number N: NNNNN.onnx and NNNNN.npz with x and what onnxruntime makes of it, y, the first output, and y_NAME, the others;
where sizes are open also x2 and y2, of other sizes, if onnxruntime can run these; where the graph has lengths, len and len2, and where it has a
second input of rows, x_s and x2_s.
A graph that onnxruntime refuses is drawn again. Each depends on SEED (1) and its number only. Most are sensible, as exporters
write them; some exchange axes by a Reshape, take rows that are none, or mix what has lengths with what has none: what
matters is that each is computed as onnxruntime does, or refused (graphs.c).
"""
import multiprocessing
import os
import random
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from draw_inputs import Inputs
from draw_moves import Impossible


class Graph(Inputs):
    """A graph with its data."""

    # --- whole ---
    def draw(self):
        if self.symbols:
            if self.maybe(0.3):
                self.cur = self.squeeze(self.cur, [2], "Unsqueeze")
                self.cur = self.squeeze(self.cur, [2])
            self.cur = self.node("Gather", [self.const(self.np.standard_normal((5, self.width)), np.float32), self.cur])
            self.axes.append(("W", self.width))
        self.choose_second()
        self.second_before()
        layers = self.r.choice([1, 1, 1, 2, 2, 3])
        kind = self.r.random()
        for n in range(layers):
            for _ in range(self.r.choice([0, 0, 1, 2])):
                self.move()
            if self.maybe(0.06):
                self.fewer_steps()
            earlier, axes = self.cur, list(self.axes)
            self.lstm(n + 1 < layers or kind < 0.2)
            if self.maybe(0.3):
                self.with_earlier(earlier, axes)
        if kind < 0.1 and self.end is not None:  # a decoder that starts where the encoder ended
            if self.maybe(0.5):
                self.cur, self.axes = "x", [(a, self.width if a == "W" else self.size[a]) for a in self.order]
            self.lstm(self.maybe(0.7), self.end)
        elif 0.2 < kind < 0.3:
            self.repeat()
            self.lstm(self.maybe(0.8))
        if self.second == "decoder":
            self.second_decoder()
        for _ in range(self.r.choice([0, 0, 1, 2])):
            self.move()
        self.finish()
        self.outputs.insert(0, self.cur)
        also = random.Random(f"{self.seed}/outputs")  # of its own, so that graphs stay what they are without
        if also.random() < 0.35:
            self.outputs += also.sample([o for n in self.nodes for o in n.output], min(also.randint(1, 3), len(self.nodes)))
        self.outputs = list(dict.fromkeys(o for o in self.outputs if o))

    def model(self, nodes):
        dims = [self.width if a == "W" else None if self.open[a] else self.size[a] for a in self.order]
        kind = TensorProto.INT64 if self.symbols else TensorProto.FLOAT
        inputs = [helper.make_tensor_value_info("x", kind, dims)]
        if any("lens" in n.input for n in nodes):
            inputs.append(helper.make_tensor_value_info("lens", TensorProto.INT32, [None]))
        inputs += [helper.make_tensor_value_info(*one) for one in self.extra_inputs]
        if self.second:
            inputs.insert(0 if self.second_first else len(inputs), helper.make_tensor_value_info(*self.second_input()))
        graph = helper.make_graph(nodes, "drawn", inputs, [helper.make_empty_tensor_value_info(o) for o in self.outputs],
                                  [numpy_helper.from_array(v, k) for k, v in self.consts.items()])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)])
        model.ir_version = 8
        return model

    def data(self, size):
        shape = [self.width if a == "W" else size[a] for a in self.order]
        x = self.np.integers(0, 5, shape) if self.symbols else self.np.standard_normal(shape).astype(np.float32)
        length = np.array([self.r.randint(1, size["T"]) for _ in range(size["B"])], np.int32)
        return x, length

    def run(self, session, size):
        x, length = self.data(size)
        feed = {"x": x, **{k: make(size["B"]) for k, make in self.feeds.items()}}
        if self.second:
            feed["s"] = self.second_data(size)
        self.fed = feed
        if any(i.name == "lens" for i in session.get_inputs()):
            feed["lens"] = length
        y = session.run(self.outputs, feed)
        if any(one.size == 0 or (one.dtype == np.float32 and not np.isfinite(one).all()) for one in y):
            raise Impossible
        return x, y, length if "lens" in feed else None

    def arrays(self, ending, x, y, length):
        """What is kept of one run: results after the first are named after their outputs."""
        made = {f"x{ending}": x, f"y{ending}": y[0], **({f"len{ending}": length} if length is not None else {})}
        if self.second:
            made[f"x{ending}_s"] = self.fed["s"]
        made.update({f"y{ending}_{name}": one for name, one in zip(self.outputs[1:], y[1:])})
        return made


def make_one(folder, number, seed, at, name):
    """Draws until onnxruntime runs one; at: number and attempt, for who takes over when it ends the process."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    for attempt in range(at[1] + 1 if at[0] == number else 0, 1000):
        at[0], at[1] = number, attempt
        graph = Graph(seed, number * 1000 + attempt)
        try:
            graph.draw()
            session = onnxruntime.InferenceSession(graph.model(graph.twin).SerializeToString(), options, providers=["CPUExecutionProvider"])
            x, y, length = graph.run(session, graph.size)
        except Impossible:
            continue
        except Exception as why:  # onnxruntime has no kinder class of its own
            if os.environ.get("WHY"):
                print(number, attempt, str(why)[:300])
            continue
        arrays = {"outputs": np.array([len(graph.outputs)]), **graph.arrays("", x, y, length)}
        if any(graph.open.values()):
            more = {a: s + graph.r.randint(1, 3) if graph.open[a] else s for a, s in graph.size.items()}
            try:
                x, y, length = graph.run(session, more)
                arrays.update(graph.arrays("2", x, y, length))
            except Exception:
                pass
        path = os.path.join(folder, f"{name:05d}")
        onnx.save(graph.model(graph.nodes), path + ".onnx")
        np.savez(path + ".npz", **arrays)
        return


def make_all(folder, numbers, seed, at):
    for name in range(max(0, at[2]), len(numbers)):
        at[2] = name
        make_one(folder, numbers[name], seed, at, name)


def main():
    folder, count = sys.argv[1], sys.argv[2]
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    if count.isdigit():
        numbers = list(range(int(count)))
    else:
        with open(count, encoding="ascii") as file:
            numbers = [int(word) for line in file for word in line.split("#")[0].split()]
    os.makedirs(folder, exist_ok=True)
    print(f"seed {seed}", flush=True)
    at = multiprocessing.Array("q", [-1, -1, 0])
    work = None
    while work is None or work.exitcode != 0:  # a graph can end onnxruntime; the next one is drawn then
        work = multiprocessing.Process(target=make_all, args=(folder, numbers, seed, at))
        work.start()
        work.join()
        if work.exitcode > 0:
            sys.exit(work.exitcode)


if __name__ == "__main__":
    main()
