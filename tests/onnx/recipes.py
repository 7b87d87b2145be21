#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The recipes of docs/quantize.md for PyTorch: each network exported as it says there, quantised and run.

    python3 recipes.py TRINE FOLDER

Plain, by both exporters; stateful, call by call; packed, with lengths. The int8 output on the golden model has to be near
PyTorch's, calls that hand on their states the same as one call to the byte, and rows behind a length without any effect.
Needs: pip install -r tests/onnx/requirements-torch.txt
"""
import os
import subprocess
import sys
import warnings

import numpy as np
import torch
from torch.nn.utils.rnn import pack_padded_sequence

I, H, N, B, T, FIRST = 12, 32, 5, 24, 17, 9
LEAST_DB = 25


class Plain(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(I, H, num_layers=2, batch_first=True)
        self.head = torch.nn.Linear(H, N)

    def forward(self, x):
        return self.head(self.lstm(x)[0])


class Stateful(Plain):
    def forward(self, x, h, c):
        y, (hn, cn) = self.lstm(x, (h, c))
        return self.head(y), hn, cn


class Packed(Plain):
    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True)
        _, (h, _) = self.lstm(packed)
        return self.head(h[-1])


def trine(*arguments):
    out = subprocess.run([sys.argv[1], *arguments], capture_output=True, text=True)
    if out.returncode != 0:
        sys.exit(f"trine {' '.join(arguments)}\n{out.stdout}{out.stderr}")
    return out.stdout


def near(name, want, got):
    """Decibels of the difference; ends when they are few."""
    want = want.detach().numpy()
    decibels = 10 * np.log10(np.sum(want**2) / np.sum((want - got) ** 2))
    if want.shape != got.shape or not decibels >= LEAST_DB:
        sys.exit(f"{name}: {got.shape} of {want.shape}, {decibels:.1f} dB")
    print(f"{name}: {decibels:.1f} dB")


def save(**arrays):
    for name, array in arrays.items():
        np.save(f"{name}.npy", array)


def plain(x, new):
    model, name = Plain(), "plain, the newer exporter" if new else "plain"
    axes = {"dynamic_shapes": {"x": {0: "B", 1: "T"}}} if new else {"dynamic_axes": {"x": {0: "B", 1: "T"}}}
    torch.onnx.export(model.eval(), torch.as_tensor(x), "model.onnx", dynamo=new, input_names=["x"], output_names=["y"],
                      verbose=False, **axes)
    trine("inspect", "model.onnx")
    trine("quantize", "model.onnx", "--calibrate", "x.npy", "-o", "model.tflite")
    trine("run", "model.tflite", "--device", "golden", "--input", "x.npy", "--output", "y.npy")
    near(name, model(torch.as_tensor(x)), np.load("y.npy"))


def stateful(x):
    model = Stateful()
    zero = torch.zeros(2, 1, H)
    axes = {"x": {0: "B", 1: "T"}, "h": {1: "B"}, "c": {1: "B"}}
    torch.onnx.export(model.eval(), (torch.as_tensor(x[:1]), zero, zero), "model.onnx", dynamo=False,
                      input_names=["x", "h", "c"], output_names=["y", "hn", "cn"], dynamic_axes=axes)
    trine("quantize", "model.onnx", "--calibrate", "x.npy", "-o", "model.tflite", "--outputs", "y")
    run = ["run", "model.tflite", "--device", "golden"]
    trine(*run, "--input", "x.npy", "--output", "y.npy")
    save(first=x[:, :FIRST], next=x[:, FIRST:])
    trine(*run, "--input", "first.npy", "--output", "y0.npy", "--state-out", "s.npz")
    trine(*run, "--input", "next.npy", "--output", "y1.npy", "--state-in", "s.npz", "--state-out", "s.npz")
    whole = np.load("y.npy")
    if not np.array_equal(whole, np.concatenate([np.load("y0.npy"), np.load("y1.npy")], axis=1)):
        sys.exit("stateful: two calls give another output than one")
    zeros = torch.zeros(2, B, H)
    near("stateful", model(torch.as_tensor(x), zeros, zeros)[0], whole)


def packed(x, rng):
    model = Packed()
    lengths = np.sort(rng.integers(1, T + 1, B))[::-1].copy()
    lengths[0] = T
    torch.onnx.export(model.eval(), (torch.as_tensor(x), torch.as_tensor(lengths)), "model.onnx", dynamo=False,
                      input_names=["x", "lengths"], output_names=["y"],
                      dynamic_axes={"x": {0: "B", 1: "T"}, "lengths": {0: "B"}})
    spoilt = np.where(np.arange(T)[None, :, None] < lengths[:, None, None], x, np.float32(1000))
    save(lengths=lengths.astype(np.int32), spoilt=spoilt)
    trine("quantize", "model.onnx", "--calibrate", "spoilt.npy", "--lengths", "lengths.npy", "-o", "model.tflite")
    trine("run", "model.tflite", "--device", "golden", "--input", "spoilt.npy", "--lengths", "lengths.npy", "--output", "y.npy")
    near("packed", model(torch.as_tensor(x), torch.as_tensor(lengths)), np.load("y.npy"))


def main():
    sys.argv[1] = os.path.abspath(sys.argv[1])
    os.makedirs(sys.argv[2], exist_ok=True)
    os.chdir(sys.argv[2])
    warnings.simplefilter("ignore")  # of the older exporter, that it is the older one
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    x = rng.standard_normal((B, T, I)).astype(np.float32)
    save(x=x)
    plain(x, False)
    plain(x, True)
    stateful(x)
    packed(x, rng)


if __name__ == "__main__":
    main()
