# SPDX-License-Identifier: Apache-2.0
"""oracle.py: run the reference interpreter over a folder of drawn models and keep its results.

For each NNNNN.tflite with its NNNNN.npz (x [calls, input shape], in the model's type, and x1, x2 of
further inputs) the
interpreter starts from reset and is called with x[0], x[1], ..., its state carried. The .npz then
holds x, y [calls, output shape] (y1, y2, ... of further outputs) and, for LSTM number n, hn and cn
[calls, batch, units], as they were after each call.

    python oracle.py FOLDER [PROCESSES]
"""
import glob
import multiprocessing
import os
import sys
import time

import numpy as np
from tflite_micro import runtime
from tflite_micro.tensorflow.lite.micro.python import schema_py_generated as schema

LSTM = 44
H_INPUT, C_INPUT = 18, 19
ARENA_BYTES = 32 << 20  # enough for any drawn model with all its tensors kept


def states(model):
    """Tensor indices of h and c of each LSTM, in the file's order."""
    parsed = schema.Model.GetRootAsModel(model, 0)
    graph = parsed.Subgraphs(0)
    operators = [graph.Operators(index) for index in range(graph.OperatorsLength())]
    lstms = [op for op in operators if parsed.OperatorCodes(op.OpcodeIndex()).BuiltinCode() == LSTM]
    return [(op.Inputs(H_INPUT), op.Inputs(C_INPUT)) for op in lstms]


def interpreter_outputs(model):
    """How many outputs a model has."""
    return schema.Model.GetRootAsModel(model, 0).Subgraphs(0).OutputsLength()


def tensor(interpreter, index):
    """The values of one tensor after a call."""
    got = interpreter._interpreter.GetTensor(index, 0)  # the wrapper has no name for it
    return np.array(got["tensor_data"] if isinstance(got, dict) else got)


def run(path):
    """Runs one case and writes its results beside it."""
    with open(path, "rb") as file:
        model = file.read()
    values = path[: -len("tflite")] + "npz"
    with np.load(values) as stored:
        inputs = {name: stored[name] for name in ("x", "x1", "x2") if name in stored}
    interpreter = runtime.Interpreter.from_bytes(
        model,
        arena_size=ARENA_BYTES,
        intrepreter_config=runtime.InterpreterConfig.kPreserveAllTensors,
    )
    interpreter.reset()
    outputs, lstms = interpreter_outputs(model), states(model)
    kept = {}
    for call in zip(*inputs.values()):
        for number, array in enumerate(call):
            interpreter.set_input(array, number)
        interpreter.invoke()
        for number in range(outputs):
            name = "y" if number == 0 else f"y{number}"
            kept.setdefault(name, []).append(np.array(interpreter.get_output(number)))
        for number, (h, c) in enumerate(lstms):
            kept.setdefault(f"h{number}", []).append(tensor(interpreter, h))
            kept.setdefault(f"c{number}", []).append(tensor(interpreter, c))
    np.savez(values, **inputs, **{name: np.stack(list_) for name, list_ in kept.items()})


def main():
    folder = sys.argv[1]
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else os.cpu_count()
    cases = sorted(glob.glob(os.path.join(folder, "*.tflite")))
    if not cases:
        sys.exit(f"There are no models in {folder}.")
    start = time.time()
    with multiprocessing.Pool(processes) as pool:
        for done, _ in enumerate(pool.imap_unordered(run, cases, chunksize=4), 1):
            if done % 250 == 0:
                print(f"  reference: {done} of {len(cases)}", flush=True)
    print(f"reference: {len(cases)} models in {time.time() - start:.0f} s")


if __name__ == "__main__":
    main()
