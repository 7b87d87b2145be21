/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * trine_regs: the registers as software sees them (docs/registers.md).
 * Generated from rtl/control/registers.txt by sw/tools/reggen.c (make gen-regs).
 * A register of domain slot d is at TRINE_DOMAIN_PAGE + 0x1000 * d + its offset. */
#ifndef TRINE_REGS_H
#define TRINE_REGS_H

/** The device as a whole. */
#define TRINE_GLOBAL_PAGE 0x0000u
/** The letters TRIN. */
#define TRINE_GLOBAL_ID 0x000u
/** ID after reset. */
#define TRINE_GLOBAL_ID_RESET 0x5452494eu
/** Semantic version of this interface; software refuses another major version. */
#define TRINE_GLOBAL_VERSION 0x004u
/** VERSION after reset. */
#define TRINE_GLOBAL_VERSION_RESET 0x00040000u
/** Lowest bit of MAJOR. */
#define TRINE_GLOBAL_VERSION_MAJOR_SHIFT 16
/** Major version. */
#define TRINE_GLOBAL_VERSION_MAJOR_MASK 0xffff0000u
/** Lowest bit of MINOR. */
#define TRINE_GLOBAL_VERSION_MINOR_SHIFT 8
/** Minor version. */
#define TRINE_GLOBAL_VERSION_MINOR_MASK 0x0000ff00u
/** Lowest bit of PATCH. */
#define TRINE_GLOBAL_VERSION_PATCH_SHIFT 0
/** Patch version. */
#define TRINE_GLOBAL_VERSION_PATCH_MASK 0x000000ffu
/** CRC-32 (zlib's) of all parameters, each a 32-bit little-endian word, in the order below. */
#define TRINE_GLOBAL_CONFIG_HASH 0x008u
/** What this build can do. */
#define TRINE_GLOBAL_FEATURES 0x00cu
/** Lowest bit of ROW_SCALES. */
#define TRINE_GLOBAL_FEATURES_ROW_SCALES_SHIFT 0
/** Multiplier and shift are kept for each row. */
#define TRINE_GLOBAL_FEATURES_ROW_SCALES_MASK 0x00000001u
/** Lowest bit of PARITY. */
#define TRINE_GLOBAL_FEATURES_PARITY_SHIFT 1
/** Buffers are protected by parity. */
#define TRINE_GLOBAL_FEATURES_PARITY_MASK 0x00000002u
/** Lowest bit of CMSIS. */
#define TRINE_GLOBAL_FEATURES_CMSIS_SHIFT 2
/** The h part is not saturated before it is added (the CMSIS corner). */
#define TRINE_GLOBAL_FEATURES_CMSIS_MASK 0x00000004u
/** Holds what was written. */
#define TRINE_GLOBAL_SCRATCH 0x010u
/** Any write copies the free-running cycle counter to CYCLE_LO and CYCLE_HI. */
#define TRINE_GLOBAL_CYCLE_SNAPSHOT 0x014u
/** Cycles since reset at the last snapshot, low word. */
#define TRINE_GLOBAL_CYCLE_LO 0x018u
/** The high word. */
#define TRINE_GLOBAL_CYCLE_HI 0x01cu
/** A bit a domain slot: set when it is done or in error (a refused START included). */
#define TRINE_GLOBAL_IRQ_RAW 0x020u
/** Lowest bit of SLOTS. */
#define TRINE_GLOBAL_IRQ_RAW_SLOTS_SHIFT 0
/** One bit a slot. */
#define TRINE_GLOBAL_IRQ_RAW_SLOTS_MASK 0x0000ffffu
/** Slots that drive the interrupt line. */
#define TRINE_GLOBAL_IRQ_ENABLE 0x024u
/** Lowest bit of SLOTS. */
#define TRINE_GLOBAL_IRQ_ENABLE_SLOTS_SHIFT 0
/** One bit a slot. */
#define TRINE_GLOBAL_IRQ_ENABLE_SLOTS_MASK 0x0000ffffu
/** IRQ_RAW and IRQ_ENABLE; the interrupt line is high while it is not 0. */
#define TRINE_GLOBAL_IRQ_STATUS 0x028u
/** Lowest bit of SLOTS. */
#define TRINE_GLOBAL_IRQ_STATUS_SLOTS_SHIFT 0
/** One bit a slot. */
#define TRINE_GLOBAL_IRQ_STATUS_SLOTS_MASK 0x0000ffffu
/** Cores that belong to a running or stopping domain. */
#define TRINE_GLOBAL_CORES_BUSY 0x02cu
/** Lowest bit of CORES. */
#define TRINE_GLOBAL_CORES_BUSY_CORES_SHIFT 0
/** One bit a core. */
#define TRINE_GLOBAL_CORES_BUSY_CORES_MASK 0x0000ffffu
/** Cores that did not come to rest when stopped; unusable until reset. */
#define TRINE_GLOBAL_QUARANTINE 0x030u
/** Lowest bit of CORES. */
#define TRINE_GLOBAL_QUARANTINE_CORES_SHIFT 0
/** One bit a core. */
#define TRINE_GLOBAL_QUARANTINE_CORES_MASK 0x0000ffffu
/** Cycles a domain may go without progress, or take to stop; 0 is refused. Longer than memory
 * takes for 128 beats of every core, or a core that is stopped behind slow memory is taken for
 * stuck. A new value counts from the domain's next progress. */
#define TRINE_GLOBAL_WATCHDOG 0x034u
/** WATCHDOG after reset. */
#define TRINE_GLOBAL_WATCHDOG_RESET 0x00100000u
/** Attributes of every memory access. */
#define TRINE_GLOBAL_AXI_ATTR 0x038u
/** AXI_ATTR after reset. */
#define TRINE_GLOBAL_AXI_ATTR_RESET 0x00000030u
/** Lowest bit of PROT. */
#define TRINE_GLOBAL_AXI_ATTR_PROT_SHIFT 0
/** AxPROT. */
#define TRINE_GLOBAL_AXI_ATTR_PROT_MASK 0x00000007u
/** Lowest bit of CACHE. */
#define TRINE_GLOBAL_AXI_ATTR_CACHE_SHIFT 4
/** AxCACHE. */
#define TRINE_GLOBAL_AXI_ATTR_CACHE_MASK 0x000000f0u
/** Lowest bit of QOS. */
#define TRINE_GLOBAL_AXI_ATTR_QOS_SHIFT 8
/** AxQOS. */
#define TRINE_GLOBAL_AXI_ATTR_QOS_MASK 0x00000f00u
/** First of the parameter registers. */
#define TRINE_GLOBAL_PARAMS 0x100u

/** One domain slot; slot d has its page at 0x1000 * (1 + d). Configuration (CORE_MASK to
 * PROGRAM) is latched at START and cannot be written while the domain runs or stops. */
#define TRINE_DOMAIN_PAGE 0x1000u
/** The cores of the domain, one bit each. */
#define TRINE_DOMAIN_CORE_MASK 0x000u
/** Computing mode; checked against the number of cores and the program. */
#define TRINE_DOMAIN_MODE 0x004u
/** One core. */
#define TRINE_DOMAIN_MODE_SINGLE 0u
/** Layers over two cores or more. */
#define TRINE_DOMAIN_MODE_MULTITHREADING 1u
/** Slices of each layer over two cores or more. */
#define TRINE_DOMAIN_MODE_HELPER 2u
/** Any cut, on one core or more. */
#define TRINE_DOMAIN_MODE_HYBRID 3u
/** Address of the memory window, a multiple of 4096, low word. */
#define TRINE_DOMAIN_WINDOW_BASE_LO 0x008u
/** The high word. */
#define TRINE_DOMAIN_WINDOW_BASE_HI 0x00cu
/** Bytes of the window; not 0, and the window ends below 2^64. */
#define TRINE_DOMAIN_WINDOW_SIZE 0x010u
/** Offset of the program header in the window, a multiple of 64. */
#define TRINE_DOMAIN_PROGRAM 0x014u
/** Reads 0. FORGET goes before START, START before REPEAT, REPEAT before ABORT when several
 * bits are written. */
#define TRINE_DOMAIN_CONTROL 0x018u
/** Lowest bit of START. */
#define TRINE_DOMAIN_CONTROL_START_SHIFT 0
/** Checks the configuration and starts the cores; SLVERR if the domain runs or stops. */
#define TRINE_DOMAIN_CONTROL_START_MASK 0x00000001u
/** Lowest bit of ABORT. */
#define TRINE_DOMAIN_CONTROL_ABORT_SHIFT 1
/** Stops a running domain; no effect on any other. */
#define TRINE_DOMAIN_CONTROL_ABORT_MASK 0x00000002u
/** Lowest bit of REPEAT. */
#define TRINE_DOMAIN_CONTROL_REPEAT_SHIFT 2
/** Starts the last run of the slot again, with all that START latched then, from the last block
 * of its list, which the device has kept: nothing is fetched. SLVERR if the domain runs or
 * stops. */
#define TRINE_DOMAIN_CONTROL_REPEAT_MASK 0x00000004u
/** Lowest bit of GOES_ON. */
#define TRINE_DOMAIN_CONTROL_GOES_ON_SHIFT 3
/** Of a REPEAT: the first sequence of every context, reader and writer goes on from the step
 * before; otherwise it begins as the program says. */
#define TRINE_DOMAIN_CONTROL_GOES_ON_MASK 0x00000008u
/** Lowest bit of FORGET. */
#define TRINE_DOMAIN_CONTROL_FORGET_SHIFT 4
/** What the cores hold of the slot's last run is nobody's from here on: the next START is from
 * scratch, with cores that let nothing be read of what was there, and a REPEAT is refused;
 * written with START, that START is it. SLVERR if the domain runs or stops. */
#define TRINE_DOMAIN_CONTROL_FORGET_MASK 0x00000010u
/** State of the slot. */
#define TRINE_DOMAIN_STATUS 0x01cu
/** Lowest bit of STATE. */
#define TRINE_DOMAIN_STATUS_STATE_SHIFT 0
/** State. */
#define TRINE_DOMAIN_STATUS_STATE_MASK 0x00000007u
/** Not started since reset. */
#define TRINE_DOMAIN_STATUS_STATE_IDLE 0u
/** Its cores run. */
#define TRINE_DOMAIN_STATUS_STATE_RUNNING 1u
/** Its cores are being brought to rest. */
#define TRINE_DOMAIN_STATUS_STATE_STOPPING 2u
/** All its cores reached END. */
#define TRINE_DOMAIN_STATUS_STATE_DONE 3u
/** Stopped or refused; see ERROR_CODE. */
#define TRINE_DOMAIN_STATUS_STATE_ERROR 4u
/** Lowest bit of REFUSED. */
#define TRINE_DOMAIN_STATUS_REFUSED_SHIFT 8
/** A START, REPEAT or FORGET was written while the domain ran or stopped; cleared by the next
 * accepted one. */
#define TRINE_DOMAIN_STATUS_REFUSED_MASK 0x00000100u
/** Lowest bit of RESIDENT. */
#define TRINE_DOMAIN_STATUS_RESIDENT_SHIFT 9
/** A START with this CORE_MASK, in the window of the last run, would find contexts and channels
 * as the last run left them. */
#define TRINE_DOMAIN_STATUS_RESIDENT_MASK 0x00000200u
/** Lowest bit of REPEATABLE. */
#define TRINE_DOMAIN_STATUS_REPEATABLE_SHIFT 10
/** A REPEAT would find all it needs: the last run ended in DONE and was not forgotten, its
 * cores have run for no other slot since, and the last block of its list can be repeated. */
#define TRINE_DOMAIN_STATUS_REPEATABLE_MASK 0x00000400u
/** Why the last START or REPEAT was refused or the last run stopped; 0 if neither. */
#define TRINE_DOMAIN_ERROR_CODE 0x020u
/** Index of the core it concerns (of the watchdog: the lowest that was not done). */
#define TRINE_DOMAIN_ERROR_CORE 0x024u
/** Word index, in the list, of the operation being executed; of an error that no operation
 * made, of the last one that names the core. */
#define TRINE_DOMAIN_ERROR_OP 0x028u
/** The address or value at fault, low word. */
#define TRINE_DOMAIN_ERROR_ADDR_LO 0x02cu
/** The high word. */
#define TRINE_DOMAIN_ERROR_ADDR_HI 0x030u
/** Cycles from start to done or rest, low word; frozen then. */
#define TRINE_DOMAIN_CYCLES_LO 0x034u
/** The high word. */
#define TRINE_DOMAIN_CYCLES_HI 0x038u
/** Those of them in which any core of the domain was loading or saving, low word. */
#define TRINE_DOMAIN_LOAD_CYCLES_LO 0x03cu
/** The high word. */
#define TRINE_DOMAIN_LOAD_CYCLES_HI 0x040u
/** What COUNTER shows. */
#define TRINE_DOMAIN_COUNTER_SELECT 0x044u
/** Lowest bit of COUNTER. */
#define TRINE_DOMAIN_COUNTER_SELECT_COUNTER_SHIFT 0
/** Index of the counter. */
#define TRINE_DOMAIN_COUNTER_SELECT_COUNTER_MASK 0x0000000fu
/** Lowest bit of RANK. */
#define TRINE_DOMAIN_COUNTER_SELECT_RANK_SHIFT 8
/** Rank of the core in the domain. */
#define TRINE_DOMAIN_COUNTER_SELECT_RANK_MASK 0x00001f00u
/** The selected counter, low word. Reads 0 for a rank or counter that does not exist, while the
 * slot runs, and once another domain has taken one of the cores. */
#define TRINE_DOMAIN_COUNTER_LO 0x048u
/** The high word. */
#define TRINE_DOMAIN_COUNTER_HI 0x04cu
/** Bytes that a REPEAT adds to the base of every READ, modulo 2^32; a START adds none. May be
 * written while the domain runs. */
#define TRINE_DOMAIN_REPEAT_READ 0x050u
/** Bytes that a REPEAT adds to the base of every WRITE. */
#define TRINE_DOMAIN_REPEAT_WRITE 0x054u

/** Offsets of the parameter registers. */
enum trine_param {
  /** Cores, and domain slots. */
  TRINE_PARAM_CORES = 256,
  /** Contexts a core. */
  TRINE_PARAM_CONTEXTS = 260,
  /** Rows computed at a time. */
  TRINE_PARAM_LANES = 264,
  /** Bytes of a vector a lane takes a cycle. */
  TRINE_PARAM_MACS_PER_LANE = 268,
  /** Rows the tail takes a cycle. */
  TRINE_PARAM_TAIL_ROWS = 272,
  /** Bytes of a word of the activation bus. */
  TRINE_PARAM_BUS_BYTES = 276,
  /** Slots of a channel's ring. */
  TRINE_PARAM_X_SLOTS = 280,
  /** Words a core may have waiting for the bus. */
  TRINE_PARAM_QUEUE_WORDS = 284,
  /** Weight buffer of a core, bytes. */
  TRINE_PARAM_WEIGHT_BYTES = 288,
  /** Parameter buffer of a core, rows. */
  TRINE_PARAM_PARAM_ROWS = 292,
  /** Rings of a core, bytes. */
  TRINE_PARAM_RING_BYTES = 296,
  /** Cell states of a core, units. */
  TRINE_PARAM_STATE_UNITS = 300,
  /** Pre-activation buffer of a core, units. */
  TRINE_PARAM_PRE_UNITS = 304,
  /** Slots of the memory writers of a core, bytes. */
  TRINE_PARAM_WRITER_BYTES = 308,
  /** Sequences in the table of a core. */
  TRINE_PARAM_TABLE_ENTRIES = 312,
  /** Longest input vector, bytes. */
  TRINE_PARAM_MAX_INPUTS = 316,
  /** Longest output vector, bytes. */
  TRINE_PARAM_MAX_UNITS = 320,
  /** Width of the memory port, bytes. */
  TRINE_PARAM_MEM_BYTES = 324,
};
/** X(NAME, number, sentence) of each. */
#define TRINE_PARAM_LIST(X) \
  X(CORES, 256, \
    "Cores, and domain slots.") \
  X(CONTEXTS, 260, \
    "Contexts a core.") \
  X(LANES, 264, \
    "Rows computed at a time.") \
  X(MACS_PER_LANE, 268, \
    "Bytes of a vector a lane takes a cycle.") \
  X(TAIL_ROWS, 272, \
    "Rows the tail takes a cycle.") \
  X(BUS_BYTES, 276, \
    "Bytes of a word of the activation bus.") \
  X(X_SLOTS, 280, \
    "Slots of a channel's ring.") \
  X(QUEUE_WORDS, 284, \
    "Words a core may have waiting for the bus.") \
  X(WEIGHT_BYTES, 288, \
    "Weight buffer of a core, bytes.") \
  X(PARAM_ROWS, 292, \
    "Parameter buffer of a core, rows.") \
  X(RING_BYTES, 296, \
    "Rings of a core, bytes.") \
  X(STATE_UNITS, 300, \
    "Cell states of a core, units.") \
  X(PRE_UNITS, 304, \
    "Pre-activation buffer of a core, units.") \
  X(WRITER_BYTES, 308, \
    "Slots of the memory writers of a core, bytes.") \
  X(TABLE_ENTRIES, 312, \
    "Sequences in the table of a core.") \
  X(MAX_INPUTS, 316, \
    "Longest input vector, bytes.") \
  X(MAX_UNITS, 320, \
    "Longest output vector, bytes.") \
  X(MEM_BYTES, 324, \
    "Width of the memory port, bytes.")

/** Values of ERROR_CODE. */
enum trine_error_code {
  /** No error. */
  TRINE_ERROR_NONE = 0,
  /** The core mask is empty. */
  TRINE_ERROR_MASK_EMPTY = 1,
  /** The mask names a core that does not exist (address: those bits). */
  TRINE_ERROR_CORE_MISSING = 2,
  /** A core of the mask belongs to a running domain, or is not empty yet (address: those bits). */
  TRINE_ERROR_CORE_BUSY = 3,
  /** A core of the mask is in quarantine until reset (address: those bits). */
  TRINE_ERROR_CORE_QUARANTINED = 4,
  /** There is no such computing mode (address: the value). */
  TRINE_ERROR_MODE = 5,
  /** The mode does not allow this number of cores (address: the number). */
  TRINE_ERROR_MODE_CORES = 6,
  /** The window's base is not a multiple of 4096 (address: the base). */
  TRINE_ERROR_WINDOW_ALIGN = 7,
  /** The window is empty or ends beyond 2^64 (address: the size). */
  TRINE_ERROR_WINDOW_SIZE = 8,
  /** The program's offset is not a multiple of 64 or its beginning leaves the window. */
  TRINE_ERROR_PROGRAM_ADDRESS = 9,
  /** A REPEAT of a slot whose last run did not end in DONE, that was forgotten since, or one of whose cores has run for another slot since. */
  TRINE_ERROR_NOT_KEPT = 10,
  /** A REPEAT of a list that cannot be repeated (address: its cores): its last block has something but TABLE, READ, WRITE, RUN, SAVE and END, or a RUN, READ, WRITE or SAVE comes before it. */
  TRINE_ERROR_NOT_REPEATABLE = 11,
  /** The program does not begin with its magic number. */
  TRINE_ERROR_MAGIC = 16,
  /** The program's version is unknown. */
  TRINE_ERROR_VERSION = 17,
  /** The CRC of the program's header is wrong. */
  TRINE_ERROR_HEADER_CRC = 18,
  /** The program was made for another mode than MODE. */
  TRINE_ERROR_PROGRAM_MODE = 19,
  /** The program was made for another number of cores. */
  TRINE_ERROR_RANKS = 20,
  /** The program was made for another configuration. */
  TRINE_ERROR_CONFIG_HASH = 21,
  /** The length of the program or of its list, or the head of a block is wrong; an operation that waits is not the last of its block; or a list does not end with END. */
  TRINE_ERROR_LIST = 22,
  /** The CRC of a block is wrong (operation: the block); nothing of it was executed. */
  TRINE_ERROR_LIST_CRC = 23,
  /** There is no such operation. */
  TRINE_ERROR_OP = 24,
  /** An operation has the wrong length or runs past its list. */
  TRINE_ERROR_OP_LENGTH = 25,
  /** A bit that must be 0 is set: a reserved one, or one below the alignment of an address. */
  TRINE_ERROR_RESERVED = 26,
  /** A field of an operation is out of range. */
  TRINE_ERROR_FIELD = 27,
  /** An operation names, or a phase touches, an address outside a local buffer or a vector's slot, or what was not loaded since the cores changed owner. */
  TRINE_ERROR_LOCAL_ADDRESS = 28,
  /** A channel would have two publishers on a core, or two users there that do not publish it. */
  TRINE_ERROR_PUBLISHER = 29,
  /** The program needs resident contexts, and the cores changed owner or were told to forget since. */
  TRINE_ERROR_NOT_RESIDENT = 30,
  /** A channel or context would be set up by a resident program, or after a BARRIER, READ, WRITE or RUN. */
  TRINE_ERROR_SETUP = 31,
  /** An access lies outside the memory window (address: its offset). */
  TRINE_ERROR_WINDOW = 32,
  /** The memory answered a read with an error (address: the burst). */
  TRINE_ERROR_BUS_READ = 33,
  /** The memory answered a write with an error (address: the burst). */
  TRINE_ERROR_BUS_WRITE = 34,
  /** A buffer's parity was wrong. */
  TRINE_ERROR_PARITY = 35,
  /** No core of the domain made progress for WATCHDOG cycles. */
  TRINE_ERROR_WATCHDOG = 36,
  /** A slot was used out of turn: by a word too many or out of its place, in the rings or of a writer, or by a release or a user that was not counted. */
  TRINE_ERROR_OVERRUN = 37,
  /** The run was stopped by CONTROL.ABORT. */
  TRINE_ERROR_ABORTED = 38,
};
/** X(NAME, number, sentence) of each. */
#define TRINE_ERROR_LIST(X) \
  X(NONE, 0, \
    "No error.") \
  X(MASK_EMPTY, 1, \
    "The core mask is empty.") \
  X(CORE_MISSING, 2, \
    "The mask names a core that does not exist (address: those bits).") \
  X(CORE_BUSY, 3, \
    "A core of the mask belongs to a running domain, or is not empty yet (address: those bits).") \
  X(CORE_QUARANTINED, 4, \
    "A core of the mask is in quarantine until reset (address: those bits).") \
  X(MODE, 5, \
    "There is no such computing mode (address: the value).") \
  X(MODE_CORES, 6, \
    "The mode does not allow this number of cores (address: the number).") \
  X(WINDOW_ALIGN, 7, \
    "The window's base is not a multiple of 4096 (address: the base).") \
  X(WINDOW_SIZE, 8, \
    "The window is empty or ends beyond 2^64 (address: the size).") \
  X(PROGRAM_ADDRESS, 9, \
    "The program's offset is not a multiple of 64 or its beginning leaves the window.") \
  X(NOT_KEPT, 10, \
    "A REPEAT of a slot whose last run did not end in DONE, that was forgotten since, or one of whose cores has run for another slot since.") \
  X(NOT_REPEATABLE, 11, \
    "A REPEAT of a list that cannot be repeated (address: its cores): its last block has something but TABLE, READ, WRITE, RUN, SAVE and END, or a RUN, READ, WRITE or SAVE comes before it.") \
  X(MAGIC, 16, \
    "The program does not begin with its magic number.") \
  X(VERSION, 17, \
    "The program's version is unknown.") \
  X(HEADER_CRC, 18, \
    "The CRC of the program's header is wrong.") \
  X(PROGRAM_MODE, 19, \
    "The program was made for another mode than MODE.") \
  X(RANKS, 20, \
    "The program was made for another number of cores.") \
  X(CONFIG_HASH, 21, \
    "The program was made for another configuration.") \
  X(LIST, 22, \
    "The length of the program or of its list, or the head of a block is wrong; an operation that waits is not the last of its block; or a list does not end with END.") \
  X(LIST_CRC, 23, \
    "The CRC of a block is wrong (operation: the block); nothing of it was executed.") \
  X(OP, 24, \
    "There is no such operation.") \
  X(OP_LENGTH, 25, \
    "An operation has the wrong length or runs past its list.") \
  X(RESERVED, 26, \
    "A bit that must be 0 is set: a reserved one, or one below the alignment of an address.") \
  X(FIELD, 27, \
    "A field of an operation is out of range.") \
  X(LOCAL_ADDRESS, 28, \
    "An operation names, or a phase touches, an address outside a local buffer or a vector's slot, or what was not loaded since the cores changed owner.") \
  X(PUBLISHER, 29, \
    "A channel would have two publishers on a core, or two users there that do not publish it.") \
  X(NOT_RESIDENT, 30, \
    "The program needs resident contexts, and the cores changed owner or were told to forget since.") \
  X(SETUP, 31, \
    "A channel or context would be set up by a resident program, or after a BARRIER, READ, WRITE or RUN.") \
  X(WINDOW, 32, \
    "An access lies outside the memory window (address: its offset).") \
  X(BUS_READ, 33, \
    "The memory answered a read with an error (address: the burst).") \
  X(BUS_WRITE, 34, \
    "The memory answered a write with an error (address: the burst).") \
  X(PARITY, 35, \
    "A buffer's parity was wrong.") \
  X(WATCHDOG, 36, \
    "No core of the domain made progress for WATCHDOG cycles.") \
  X(OVERRUN, 37, \
    "A slot was used out of turn: by a word too many or out of its place, in the rings or of a writer, or by a release or a user that was not counted.") \
  X(ABORTED, 38, \
    "The run was stopped by CONTROL.ABORT.")

/** Counters of a core, for COUNTER_SELECT. */
enum trine_count {
  /** Cycles from start to done. */
  TRINE_COUNT_CYCLES = 0,
  /** Cycles that issued a chunk to the MAC array. */
  TRINE_COUNT_MAC = 1,
  /** Lost: waiting for the input of a step. */
  TRINE_COUNT_INPUT = 2,
  /** Lost: waiting for h of the step before. */
  TRINE_COUNT_H = 3,
  /** Lost: waiting for listeners to give a slot back. */
  TRINE_COUNT_ROOM = 4,
  /** Lost: the tail was behind. */
  TRINE_COUNT_TAIL = 5,
  /** Lost: the tail waited for the activation bus. */
  TRINE_COUNT_BUS = 6,
  /** Lost: waiting for memory. */
  TRINE_COUNT_MEMORY = 7,
  /** Lost: nothing left to do. */
  TRINE_COUNT_IDLE = 8,
  /** Lost: fetching the fields of the next phase. */
  TRINE_COUNT_SWITCH = 9,
};
/** X(NAME, number, sentence) of each. */
#define TRINE_COUNT_LIST(X) \
  X(CYCLES, 0, \
    "Cycles from start to done.") \
  X(MAC, 1, \
    "Cycles that issued a chunk to the MAC array.") \
  X(INPUT, 2, \
    "Lost: waiting for the input of a step.") \
  X(H, 3, \
    "Lost: waiting for h of the step before.") \
  X(ROOM, 4, \
    "Lost: waiting for listeners to give a slot back.") \
  X(TAIL, 5, \
    "Lost: the tail was behind.") \
  X(BUS, 6, \
    "Lost: the tail waited for the activation bus.") \
  X(MEMORY, 7, \
    "Lost: waiting for memory.") \
  X(IDLE, 8, \
    "Lost: nothing left to do.") \
  X(SWITCH, 9, \
    "Lost: fetching the fields of the next phase.")

#endif
