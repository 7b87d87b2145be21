#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the network of chars.c: an embedding of 64 symbols in 32 values, an LSTM of 256 units, a dense layer.

    python3 chars.py TEXT OUT.onnx [MINUTES]

TEXT is any plain text (ours: Shakespeare's plays and poems but for Macbeth, Twelfth Night and The Tempest, 4.7 million
characters); its last 5 % are kept to measure with. Writes OUT.onnx, from the looked-up row to the scores, and beside it
embedding.npy [64,32] and calibrate.npy [32,1200,32], for

    trine quantize OUT.onnx --calibrate calibrate.npy -o chars.tflite

Needs: pip install torch onnx numpy
"""
import math
import os
import sys
import time

import numpy as np
import torch

ALPHABET = "\n abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.,;:!?'-\""
SYMBOLS, STREAMS, STEPS = 64, 64, 96


def read(path):
    place = {letter: n for n, letter in enumerate(ALPHABET)}
    with open(path, encoding="utf-8") as file:
        return torch.tensor([place.get(letter, SYMBOLS - 1) for letter in file.read()])


class Chars(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(32, 256, batch_first=True)
        self.head = torch.nn.Linear(256, SYMBOLS)

    def forward(self, rows):
        return self.head(self.lstm(rows)[0])


def bits(model, table, text):
    with torch.no_grad():
        scores = model(table(text[None, :-1]))
        return torch.nn.functional.cross_entropy(scores[0], text[1:]).item() / math.log(2)


def main():
    text, out = read(sys.argv[1]), sys.argv[2]
    minutes = float(sys.argv[3]) if len(sys.argv) > 3 else 15
    torch.manual_seed(1)
    train, test = text[:len(text) * 19 // 20], text[len(text) * 19 // 20:][:20000]
    model, table = Chars(), torch.nn.Embedding(SYMBOLS, 32)
    steps = torch.optim.Adam([*model.parameters(), *table.parameters()], 3e-3)
    end = time.time() + 60 * minutes
    while time.time() < end:
        at = torch.randint(0, len(train) - STEPS - 1, (STREAMS,))
        part = torch.stack([train[n:n + STEPS + 1] for n in at])
        scores = model(table(part[:, :-1]))
        loss = torch.nn.functional.cross_entropy(scores.reshape(-1, SYMBOLS), part[:, 1:].reshape(-1))
        steps.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
        steps.step()
    print(f"{bits(model, table, test):.4f} bits a character")
    folder = os.path.dirname(os.path.abspath(out))
    with torch.no_grad():
        np.save(os.path.join(folder, "embedding.npy"), table.weight.numpy())
        at = torch.randint(0, len(train) - 1200, (32,))
        rows = table(torch.stack([train[n:n + 1200] for n in at]))
        np.save(os.path.join(folder, "calibrate.npy"), rows.numpy())
        torch.onnx.export(model, rows[:1, :8], out, dynamo=False, input_names=["x"], output_names=["y"],
                          dynamic_axes={"x": {0: "B", 1: "T"}, "y": {0: "B", 1: "T"}})


if __name__ == "__main__":
    main()
