#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the network of speaker.c: two LSTMs of 64 units and a dense layer on Japanese Vowels.

    python3 speaker.py OUT.onnx [EPOCHS]

Data: Japanese Vowels (Kudo, Toyama, Shimbo; UCI, CC BY 4.0), 270 utterances of nine speakers to train on and 370 to test,
12 coefficients a step, 7 to 29 steps. Taken from the sktime package, which carries it. Writes OUT.onnx, and beside it
calibrate.npy (the training utterances), x.npy, len.npy and y.npy (the test set), for

    trine quantize OUT.onnx --calibrate calibrate.npy -o speaker.tflite

Needs: pip install torch onnx sktime numpy
"""
import os
import sys

import numpy as np
import torch
from sktime.datasets import load_japanese_vowels

STEPS = 29


def load(split):
    frame, labels = load_japanese_vowels(split=split, return_X_y=True)
    rows = [np.stack([np.asarray(frame.iloc[n, k]) for k in range(12)], 1) for n in range(len(frame))]
    return rows, np.asarray(labels).astype(int) - 1


def pad(rows, mean, deviation):
    x = np.zeros((len(rows), STEPS, 12), np.float32)
    for n, row in enumerate(rows):
        x[n, :len(row)] = (row - mean) / deviation
    return x, np.array([len(row) for row in rows], np.int32)


class Speaker(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(12, 64, num_layers=2, batch_first=True, dropout=0.3)
        self.head = torch.nn.Linear(64, 9)

    def forward(self, x):
        return self.head(self.lstm(x)[0])


def last(scores, lengths):
    return scores[torch.arange(len(scores)), torch.as_tensor(lengths, dtype=torch.long) - 1]


def main():
    out, epochs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 120
    torch.manual_seed(1)
    train, labels = load("train")
    test, answers = load("test")
    every = np.concatenate(train)
    mean, deviation = every.mean(0), every.std(0)
    x, lengths = pad(train, mean, deviation)
    xt, lengths_t = pad(test, mean, deviation)
    model, y = Speaker(), torch.as_tensor(labels)
    steps = torch.optim.Adam(model.parameters(), 3e-3, weight_decay=1e-5)
    for epoch in range(epochs):
        model.train()
        for part in torch.randperm(len(x)).split(32):
            noisy = torch.as_tensor(x)[part] + 0.1 * torch.randn(len(part), STEPS, 12)
            loss = torch.nn.functional.cross_entropy(last(model(noisy), lengths[part.numpy()]), y[part])
            steps.zero_grad()
            loss.backward()
            steps.step()
    model.eval()
    with torch.no_grad():
        right = (last(model(torch.as_tensor(xt)), lengths_t).argmax(1).numpy() == answers).sum()
    print(f"{right} of {len(xt)} test utterances are told right")
    torch.onnx.export(model, torch.as_tensor(x[:1]), out, dynamo=False, input_names=["x"], output_names=["y"],
                      dynamic_axes={"x": {0: "B", 1: "T"}, "y": {0: "B", 1: "T"}})
    folder = os.path.dirname(os.path.abspath(out))
    for name, data in ("calibrate", x), ("x", xt), ("len", lengths_t), ("y", answers.astype(np.int32)):
        np.save(os.path.join(folder, name + ".npy"), data)


if __name__ == "__main__":
    main()
