# SPDX-License-Identifier: Apache-2.0
"""oracle.py: quantised models in the reference interpreter and in ours, byte for byte.

For each MODEL.tflite random int8 sequences of the file's own length go through TensorFlow Lite Micro (reset before each)
and through `trine run --device golden`; every output byte has to be the same.

    python oracle.py TRINE SEQUENCES MODEL.tflite ...
"""
import os
import subprocess
import sys
import tempfile

import numpy as np
from tflite_micro import runtime
from tflite_micro.tensorflow.lite.micro.python import schema_py_generated as schema

ARENA_BYTES = 32 << 20


def interpreter_of(model):
    """The interpreter, and how many inputs the file has."""
    with open(model, "rb") as file:
        content = file.read()
    inputs = schema.Model.GetRootAsModel(content, 0).Subgraphs(0).InputsLength()
    return runtime.Interpreter.from_bytes(content, arena_size=ARENA_BYTES), inputs


def reference(model, x, outputs):
    interpreter, _ = interpreter_of(model)
    rows = []
    for sequence in zip(*x):
        interpreter.reset()
        for number, values in enumerate(sequence):
            interpreter.set_input(values, number)
        interpreter.invoke()
        rows.append([np.array(interpreter.get_output(n)) for n in range(outputs)])
    return rows


def run(trine, model, folder, inputs, output):
    given = [word for n in range(inputs) for word in ("--input", os.path.join(folder, f"x{n}.npy"))]
    subprocess.run([trine, "run", model, *given, "--output", os.path.join(folder, output),
                    "--device", "golden", "--json"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return np.load(os.path.join(folder, output))


def ours(trine, model, x, folder):
    """All outputs of each sequence: a model with one writes an .npy, with several an .npz."""
    rows = []
    for sequence in zip(*x):
        for number, values in enumerate(sequence):
            np.save(os.path.join(folder, f"x{number}.npy"), values)
        try:
            rows.append([run(trine, model, folder, len(x), "y.npy")])
        except subprocess.CalledProcessError:
            several = run(trine, model, folder, len(x), "y.npz")
            rows.append([several[name] for name in several.files])
    return rows


def main():
    trine, sequences, models = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    random = np.random.default_rng(1)
    failed = 0
    for model in models:
        interpreter, inputs = interpreter_of(model)
        x = [random.integers(-128, 128, (sequences, *interpreter.get_input_details(n)["shape"]), dtype=np.int8) for n in range(inputs)]
        with tempfile.TemporaryDirectory() as folder:
            got = ours(trine, model, x, folder)
        want = [w for row in reference(model, x, len(got[0])) for w in row]
        values = sum(w.size for w in want)
        wrong = sum(int((w.reshape(-1) != g.reshape(-1)).sum()) for w, g in zip(want, [g for row in got for g in row]))
        failed += wrong > 0
        print(f"{model}: {values - wrong} of {values} values equal", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
