# SPDX-License-Identifier: Apache-2.0
"""versus.py: one model on what else could run it: cycles, utilisation, operators, bytes of program.

Trine's planner, Arm's estimator Vela on the same file, the kernels of TensorFlow Lite Micro and
onnxruntime on this host. Each with the file's T and with 2T, so that it shows what grows with T:
the part of a call that a further step takes is (2T - T) / T. A row that cannot be made has a reason.

    python versus.py TRINE [--onnx FILE] [--into PAGE.md] MODEL.tflite ...

Prints Markdown; --into writes it between the marks of a page.
"""
import argparse
import csv
import datetime
import glob
import importlib.metadata
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time

import flatbuffers
import numpy as np
import onnxruntime
from tflite_micro import runtime
from tflite_micro.tensorflow.lite.micro.python import schema_py_generated as schema

ARENA_BYTES = 32 << 20
SECONDS = 0.5  # of each measurement on the host
BOARDS, BOARD = "fpga/boards.txt", "ulx3s"  # whose clock gives microseconds
NPUS = {"ethos-u55-64": 64, "ethos-u55-256": 256, "ethos-u65-512": 512, "ethos-u85-256": 256}
CONFIGS = [("one core of duo", "duo", 1), ("duo", "duo", 2), ("octo", "octo", 8)]
MARKS = "<!-- versus: what follows is written by make versus-docs -->", "<!-- versus: end -->"


def steps_of(model, trine):
    """The T that a file names and the axis it is on, as Trine reads it."""
    text = subprocess.run([trine, "inspect", model], check=True, capture_output=True, text=True).stdout
    return int(re.search(r"default batch \d+, (\d+) steps", text).group(1)), 0 if "[T,B" in text else 1


def with_steps(path, steps, axis, wanted):
    """The same file with another T, in all tensors that have the input's rank and T on its axis."""
    with open(path, "rb") as file:
        model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(file.read(), 0))
    graph = model.subgraphs[0]
    rank = len(graph.tensors[graph.inputs[0]].shape)
    for tensor in graph.tensors:
        if len(tensor.shape) == rank and tensor.shape[axis] == steps and model.buffers[tensor.buffer].data is None:
            tensor.shape = [wanted if n == axis else int(size) for n, size in enumerate(tensor.shape)]
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def trine_rows(trine, model, steps, mhz):
    rows = []
    for name, config, cores in CONFIGS:
        calls = []
        for count in (steps, 2 * steps):
            out = subprocess.run([trine, "plan", model, "--config", config, "--cores", str(cores), "--steps",
                                  str(count), "--json"], capture_output=True, text=True)
            if out.returncode != 0:
                rows.append({"name": f"Trine, {name}", "why": out.stderr.strip()})
                break
            networks = [n["plans"][0] for n in json.loads(out.stdout)["networks"]]
            calls.append((sum(p["cycles"] for p in networks), networks))
        else:
            networks = calls[0][1]
            total = calls[0][0]
            rows.append({"name": f"Trine, {name}", "macs": 64 * cores, "cycles": total,
                         "further": (calls[1][0] - total) / steps, "mhz": mhz,
                         "utilisation": sum(p["limit_cycles"] for p in networks) / total,
                         "operators": "whole network" if len(networks) == 1 else f"{len(networks)} networks",
                         "program": sum(p["program_bytes"] for p in networks),
                         "program2": sum(p["program_bytes"] for p in calls[1][1])})
    return rows


def command_stream(path):
    """Bytes of the programs in a file that Vela wrote: the first input of its custom operators."""
    with open(path, "rb") as file:
        model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(file.read(), 0))
    graph = model.subgraphs[0]
    total = 0
    for op in graph.operators:
        if model.operatorCodes[op.opcodeIndex].customCode == b"ethos-u":
            total += len(model.buffers[graph.tensors[op.inputs[0]].buffer].data)
    return total


def vela(model_bytes, npu, folder):
    path = os.path.join(folder, "m.tflite")
    with open(path, "wb") as file:
        file.write(model_bytes)
    tool = os.path.join(os.path.dirname(sys.executable), "vela")
    out = subprocess.run([tool, path, "--accelerator-config", npu, "--memory-mode", "Sram_Only", "--output-dir",
                          folder], capture_output=True, text=True)
    if out.returncode != 0:
        raise RuntimeError((out.stderr + out.stdout).strip().splitlines()[-1])
    with open(glob.glob(os.path.join(folder, "m_summary_*.csv"))[0], newline="") as file:
        summary = list(csv.DictReader(file))[-1]
    counts = [int(n) for n in re.findall(r"[CN]PU operators = (\d+)", out.stdout)]
    return {"cycles": float(summary["cycles_total"]), "macs": float(summary["nn_macs"]),
            "mhz": float(summary["core_clock"]) / 1e6, "host": counts[0], "own": counts[1],
            "system": summary["system_config"], "program": command_stream(os.path.join(folder, "m_vela.tflite"))}


def vela_rows(model, steps, axis):
    rows = []
    for npu, macs in NPUS.items():
        try:
            with tempfile.TemporaryDirectory() as folder, open(model, "rb") as file:
                one = vela(file.read(), npu, folder)
            with tempfile.TemporaryDirectory() as folder:
                two = vela(with_steps(model, steps, axis, 2 * steps), npu, folder)
        except RuntimeError as error:
            rows.append({"name": f"Vela, {npu}", "why": str(error)})
            continue
        host = f" and {one['host']} on a CPU" if one["host"] else ""
        rows.append({"name": f"Vela, {npu}", "macs": macs, "cycles": one["cycles"],
                     "further": (two["cycles"] - one["cycles"]) / steps, "mhz": one["mhz"],
                     "utilisation": one["macs"] / (one["cycles"] * macs),
                     "operators": f"{one['own']}{host}; {two['own']} at 2T", "program": one["program"],
                     "program2": two["program"]})
    return rows


def clock(call):
    """Least seconds that a call computes, over half a second of them: what runs beside it takes none of these."""
    call()
    least, until = float("inf"), time.thread_time() + SECONDS
    while time.thread_time() < until:
        begun = time.thread_time()
        call()
        least = min(least, time.thread_time() - begun)
    return least


def tflm_row(model, steps, axis):
    with open(model, "rb") as file:
        content = file.read()
    times = []
    for code in (content, with_steps(model, steps, axis, 2 * steps)):
        interpreter = runtime.Interpreter.from_bytes(code, arena_size=ARENA_BYTES)
        details = interpreter.get_input_details(0)
        interpreter.set_input(np.zeros(details["shape"], details["dtype"]), 0)
        times.append(clock(interpreter.invoke))
    parsed = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(content, 0))
    return {"name": "TensorFlow Lite Micro, this host", "seconds": times[0],
            "further_seconds": (times[1] - times[0]) / steps,
            "operators": str(len(parsed.subgraphs[0].operators))}


def onnx_row(model, path, steps, axis):
    if path is None:
        path = os.path.join(os.path.dirname(model), "onnx", os.path.basename(model)[:-7] + ".onnx")
    if not os.path.exists(path):
        return {"name": "onnxruntime, this host", "why": "there is no .onnx of this network alone"}
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    times = []
    for count in (steps, 2 * steps):
        feeds = {}
        for place, end in enumerate(session.get_inputs()):  # the rows, then states and lengths
            rank = len(end.shape)
            rows = [*([count, 1] if axis == 0 else [1, count]), *end.shape[2:]]
            shape = rows if place == 0 else [size if isinstance(size, int) else 1 for size in end.shape]
            kind = {"tensor(float)": np.float32, "tensor(int64)": np.int64, "tensor(int32)": np.int32}[end.type]
            feeds[end.name] = np.full(shape, count if rank == 1 and place > 0 else 0, kind)
        times.append(clock(lambda: session.run(None, feeds)))
    return {"name": "onnxruntime in float32, this host, one thread", "seconds": times[0],
            "further_seconds": (times[1] - times[0]) / steps, "operators": "-"}


def number(value, form="{:,.0f}"):
    return "-" if value is None else form.format(value)


def line(row, steps):
    if "why" in row:
        return f"| {row['name']} | none: {row['why']} | | | | | | |"
    if "seconds" in row:
        return (f"| {row['name']} | | | | {1e6 * row['seconds'] / steps:,.2f} | {1e6 * row['further_seconds']:,.2f} | "
                f"{row['operators']} | |")
    micros = row["cycles"] / steps / row["mhz"]
    return (f"| {row['name']} | {row['cycles'] / steps:,.0f} | {row['further']:,.0f} | {100 * row['utilisation']:.1f} % | "
            f"{micros:,.2f} at {row['mhz']:g} MHz | {row['further'] / row['mhz']:,.2f} | {row['operators']} | "
            f"{row['program']:,}; {row['program2']:,} at 2T |")


def table(trine, model, onnx, mhz):
    steps, axis = steps_of(model, trine)
    rows = trine_rows(trine, model, steps, mhz) + vela_rows(model, steps, axis)
    rows += [tflm_row(model, steps, axis), onnx_row(model, onnx, steps, axis)]
    text = [f"### {os.path.basename(model)}, T = {steps}", "",
            "| | cycles a step of a call | a further step | utilisation | microseconds a step | a further one | operators | bytes of program |",
            "|---|---|---|---|---|---|---|---|"]
    return text + [line(row, steps) for row in rows] + [""]


def board_mhz():
    """The clock of the board's first row, which `make fpga` holds its bitstreams to."""
    with open(BOARDS) as file:
        table = [line.split() for line in file if line.strip() and not line.startswith("#")]
    row = next(row for row in table[1:] if row[0] == BOARD)
    return int(row[table[0].index("clock")]) / 1000


def made():
    """When, of what and on what."""
    version = {name: importlib.metadata.version(name) for name in ("ethos-u-vela", "tflite-micro", "onnxruntime")}
    with open("/proc/cpuinfo") as file:
        cpu = next((l.split(":")[1].strip() for l in file if l.startswith("model name")), platform.machine())
    commit = subprocess.run(["git", "log", "-1", "--format=%h"], capture_output=True, text=True).stdout.strip()
    tools = ", ".join(f"{name} {number}" for name, number in version.items())
    load = os.getloadavg()[0]
    return f"Made {datetime.date.today()} of commit {commit} with {tools}, on a host with {cpu}, load {load:.1f}."


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("trine")
    parser.add_argument("--onnx")
    parser.add_argument("--into")
    parser.add_argument("models", nargs="+")
    options = parser.parse_args()
    mhz = board_mhz()
    text = [made(), ""]
    for model in options.models:
        text += table(options.trine, model, options.onnx, mhz)
    print("\n".join(text))
    if options.into:
        with open(options.into) as file:
            page = file.read()
        begin, end = page.index(MARKS[0]) + len(MARKS[0]), page.index(MARKS[1])
        with open(options.into, "w") as file:
            file.write(page[:begin] + "\n\n" + "\n".join(text) + "\n" + page[end:])


if __name__ == "__main__":
    main()
