# SPDX-License-Identifier: Apache-2.0
"""draw_inputs.py: a second input of rows of a drawn graph (draw_graphs.py): rows of each step beside those of x, features of a
sequence at each step or beside its last row, and rows of another number of steps for a decoder. Rows and features may be
looked up in a table; the number of steps may be open in one of the two inputs alone."""
import random

import numpy as np
from onnx import TensorProto

from draw_layers import Layers
from draw_moves import Impossible


class Inputs(Layers):
    """A graph that may have a second input, s."""

    def choose_second(self):
        """What it is; by dice of its own, so that graphs stay what they are without."""
        self.dice = random.Random(f"{self.seed}/inputs")
        self.second, self.second_letters, self.second_sizes = None, "", {}
        if self.symbols or self.dice.random() > 0.3 or sorted(self.order) != sorted("BTW"):
            return
        self.second = self.dice.choice(["rows", "rows", "each", "features", "features", "features", "decoder"])
        width = self.dice.choice([self.width, self.dice.randint(1, 4)])
        self.second_letters = {"rows": "".join(self.order), "each": "BW", "features": "BW",
                               "decoder": "".join(self.order).replace("T", "U")}[self.second]
        if "W" in self.second_letters and self.order != ["B", "T", "W"] and self.order != ["T", "B", "W"] and self.second != "features":
            self.second = None
            return
        self.second_sizes = {"W": width, "U": self.dice.randint(2, 6)}
        self.second_first = self.dice.random() < 0.3
        dice = random.Random(f"{self.seed}/tables")
        self.second_table = self.second in ("rows", "each", "features") and dice.random() < 0.4
        self.second_fixed = self.second == "rows" and dice.random() < 0.4
        if self.second_table:
            self.second_letters = self.second_letters.replace("W", "") + ("1" if "T" not in self.second_letters and dice.random() < 0.5 else "")
            self.second_sizes["1"] = 1

    def second_shape(self, size):
        return [self.second_sizes.get(a, size.get(a)) for a in self.second_letters]

    def second_dims(self):
        return [None if self.open.get(a, False) and not (a == "T" and self.second_fixed) else self.second_sizes.get(a, self.size.get(a))
                for a in self.second_letters]

    def second_input(self):
        return ("s", TensorProto.INT64 if self.second_table else TensorProto.FLOAT, self.second_dims())

    def second_rows(self):
        """The second input as rows: as it is, or looked up."""
        if not self.second_table:
            return "s"
        rows = self.node("Gather", [self.const(self.np.standard_normal((5, self.second_sizes["W"])), np.float32), "s"])
        return self.squeeze(rows, [1]) if "1" in self.second_letters else rows

    def beside(self, value, axes):
        """The value beside the current one along the row, or added to it."""
        if axes != [a for a in self.axes if a[0] != "W"]:
            raise Impossible
        width = self.second_sizes["W"]
        if width == self.axes[-1][1] and self.dice.random() < 0.4:
            self.cur = self.node("Add", self.dice.sample([self.cur, value], 2))
            return
        self.cur = self.node("Concat", self.dice.sample([self.cur, value], 2), axis=self.dice.choice([len(self.axes) - 1, -1]) if self.opset >= 11 else len(self.axes) - 1)
        self.axes[-1] = ("W", self.axes[-1][1] + width)

    def second_before(self):
        """In front of the first layer."""
        if self.second == "rows":
            self.beside(self.second_rows(), [(a, self.size[a]) for a in self.order if a != "W"])
        elif self.second == "each":
            at = self.order.index("T")
            single = self.squeeze(self.second_rows(), [at], "Unsqueeze")
            if self.dice.random() < 0.4 and not self.open["T"]:
                repeats = [1, 1, 1]
                repeats[at] = self.size["T"]
                many = self.node("Tile", [single, self.const(repeats)])
            else:
                sizes = [self.const([1]) for _ in range(3)]
                sizes[at] = self.slice(self.node("Shape", ["x"]), 0, at, at + 1)
                many = self.node("Expand", [single, self.node("Concat", sizes, axis=0)])
            self.beside(many, [(a, self.size[a]) for a in self.order if a != "W"])

    def second_decoder(self):
        """A layer of other steps, from the end of the last one or from zero."""
        end = self.end if self.dice.random() < 0.6 else None
        self.cur = "s"
        self.axes = [("T" if a == "U" else a, self.second_sizes["U"] if a == "U" else self.second_sizes["W"] if a == "W" else self.size[a])
                     for a in self.second_letters]
        self.lstm(self.dice.random() < 0.6, end)

    def second_behind(self):
        """Beside the last row, perhaps through a layer of its own."""
        if self.second != "features" or self.letters() != "BW":
            return
        value = self.second_rows()
        if self.dice.random() < 0.4:
            units = self.dice.randint(1, 4)
            value = self.node("Relu", [self.node("MatMul", [value, self.weights(self.second_sizes["W"], units)])])
            self.second_sizes["X"], self.second_sizes["W"] = self.second_sizes["W"], units
        self.beside(value, [("B", self.size["B"])])
        if "X" in self.second_sizes:
            self.second_sizes["W"] = self.second_sizes.pop("X")

    def second_data(self, size):
        shape = self.second_shape(size)
        return self.np.integers(0, 5, shape) if self.second_table else self.np.standard_normal(shape).astype(np.float32)
