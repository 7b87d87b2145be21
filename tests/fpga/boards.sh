#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boards.sh: fpga/boards.txt and the scripts around it: every row gives a top what it needs, the
# numbers of PLLs keep their limits and are the best there are, the worst seed decides, and what
# cannot be done is refused in one sentence.
set -u
cd "$(dirname "$0")/../.." || exit 1

work=build/fpga/boards_test
rm -rf "$work"
mkdir -p "$work/bin"
failed=0
echo "no random numbers are used here"

fail() {
  echo "boards: $*" >&2
  failed=1
}

refuses() { # status, whole sentence, command ...
  status=$1
  want=$2
  shift 2
  got=$("$@" 2>&1 >/dev/null)
  is=$?
  [ $is = "$status" ] || fail "exit $is, not $status, of: $*"
  [ "$got" = "$want" ] || fail "'$got', not '$want'"
}

# --- Rows: a folder of top and pins each, and a header whose PLL its own limits accept ---
for board in $(sh fpga/board.sh names); do
  case $(ls "fpga/$board" | tr '\n' ' ') in
    "$board.lpf ${board}_top.sv " | "$board.xdc ${board}_top.sv ") ;;
    *) fail "fpga/$board has more or less than a top and pins: $(ls "fpga/$board")" ;;
  esac
  for config in $(awk -v b="$board" '$1 == b { print $2 }' fpga/boards.txt); do
    sh fpga/board.sh header "$board" "$config" >"$work/header" || fail "no header of $board $config"
    for what in OscillatorKhz Multiply Divide ClocksPerBit MemoryBytes Cores MemBytes; do
      grep -q "\.$what([1-9][0-9]*)" "$work/header" || fail "$board $config: no $what"
    done
    memory=$(sh fpga/board.sh value "$board" "$config" memory)
    [ $((memory % 4096)) = 0 ] || fail "$board $config: memory $memory is no multiple of 4096"
  done
done

pll() { # family oscillator clock
  awk -v family="$1" -v oscillator="$2" -v clock="$3" -f fpga/pll.awk
}

# --- PLLs: another search, from the divider, finds no better pair ---
count=0
while read -r family oscillator least most multiply_most; do
  for clock in 3400 9999 25000 31250 37500 42300 48000 66667 80000 99990 100000 133333 199999; do
    count=$((count + 1))
    # shellcheck disable=SC2046
    set -- $(pll "$family" "$oscillator" $clock 2>&1)
    awk -v o="$oscillator" -v least="$least" -v most="$most" -v m_most="$multiply_most" \
      -v clock=$clock -v said="$*" 'BEGIN {
        for (d = 128; d >= 1; d--)
          for (m = m_most; m >= 1; m--)
            if (o * m >= least && o * m <= most && o * m / d <= clock && o * m / d > best)
              best = o * m / d
        n = split(said, part, " ")
        if (!best) exit said !~ /^The clock is/
        exit !(n == 3 && o * part[1] >= least && o * part[1] <= most && part[1] <= m_most && \
          part[2] >= 1 && part[2] <= 128 && o * part[1] / part[2] - best > -0.0001 && \
          o * part[1] / part[2] <= clock && part[3] - best > -0.001 && part[3] - best < 0.001)
      }' || fail "a PLL of $family makes of $oscillator kHz for $clock: $*"
  done
done <<'END'
ecp5 10000 400000 800000 80
ecp5 12000 400000 800000 80
ecp5 25000 400000 800000 80
ecp5 48000 400000 800000 80
ecp5 100000 400000 800000 80
xilinx7 25000 800000 1600000 64
xilinx7 100000 800000 1600000 64
END

refuses 2 "There is no PLL of the family 'ice40'; there are ecp5, xilinx7." pll ice40 25000 40000
refuses 2 "The oscillator is 8000 kHz, and a PLL of ecp5 takes 10000 to 400000." pll ecp5 8000 40000
refuses 2 \
  "The clock is 3000 kHz, and the slowest that a PLL of ecp5 makes of 25000 kHz is above it." \
  pll ecp5 25000 3000

# --- Boards and configurations that are not there ---
refuses 2 "There is no board 'ulx4'; fpga/boards.txt has: ulx3s colorlight_i5 arty." \
  sh fpga/board.sh check ulx4
refuses 2 "The board arty has no configuration 'duo'; fpga/boards.txt has: solo." \
  sh fpga/board.sh check arty duo

# --- A table of its own, with a clock that no serial line can live with ---
mkdir -p "$work/tree/fpga" "$work/tree/sw/tools" "$work/tree/rtl"
cp fpga/board.sh fpga/pll.awk "$work/tree/fpga"
cp sw/tools/config.sh "$work/tree/sw/tools"
cp rtl/configs.txt rtl/config_rules.txt "$work/tree/rtl"
sed 's/^\(ulx3s .*25000  *\)[0-9]* \([0-9]* ulx3s\)$/\14700 \2/' fpga/boards.txt \
  >"$work/tree/fpga/boards.txt"
refuses 2 "The clock of ulx3s is 4687.500 kHz, and no whole number of its cycles is a bit of a \
line of 1000000 baud to 1.5 %; change it in fpga/boards.txt." \
  sh "$work/tree/fpga/board.sh" header ulx3s ulx3s

# --- The worst seed decides ---
echo 50.1 >"$work/seed1.clock"
echo 42.0 >"$work/seed2.clock"
echo 61.5 >"$work/seed3.clock"
sh fpga/seeds.sh "$work" 40000 1 2 3 >"$work/said" || fail "42 MHz are not enough for 40"
grep -q '^worst of 3 seeds: 42.0 MHz; the design runs at 40 MHz$' "$work/said" ||
  fail "seeds.sh says: $(cat "$work/said")"
[ "$(cat "$work/seed")" = 3 ] || fail "the best seed is $(cat "$work/seed"), not 3"
refuses 1 "The worst seed reaches 42.0 MHz, and 43.050 MHz are needed with 5 % to spare; lower the \
clock in fpga/boards.txt to 40000." sh fpga/seeds.sh "$work" 41000 1 2 3

# --- A netlist that needs more than the device has: the cells of an i5, each of them one too many
sh sw/tools/config.sh instance solo | tr ',' '\n' | sed 's/^ *\.\(.*\)(\(.*\))/\1 \2/' \
  >"$work/config"
fits() { # FF DP16KD MULT18X18D LUT4 TARGET, of a board with 64 KiB
  printf '%s TRELLIS_FF\n%s DP16KD\n%s MULT18X18D\n%s LUT4\n2045 CCU2C\n621 TRELLIS_DPR16X4\n' \
    "$1" "$2" "$3" "$4" >"$work/stat"
  awk -f fpga/check.awk -v board=i5 -v target="$5" -v memory_bytes=65536 fpga/devices.txt \
    "$work/config" "$work/stat"
}
refuses 0 '' fits 24288 56 25 17714 25k
refuses 1 'i5 needs 24289 TRELLIS_FF, and an ECP5 25k has 24288.' fits 24289 56 25 17714 25k
refuses 1 'i5 needs 57 DP16KD, and an ECP5 25k has 56.' fits 24288 57 25 17714 25k
refuses 1 'i5 needs 24289 COMB, and an ECP5 25k has 24288.' fits 24288 56 25 17715 25k
refuses 1 'The netlist has 24 MULT18X18D, the configuration implies 25 to 25.' \
  fits 24288 56 24 17714 25k
refuses 1 'check.awk: fpga/devices.txt has no ecp5 12k.' fits 24288 56 25 17714 12k
sed -i 's/^Lanes .*/Lanes 16/' "$work/config"
refuses 1 'i5 needs 29 MULT18X18D, and an ECP5 25k has 28.' fits 24288 56 29 17714 25k
series7() { # what is one too many
  printf '20800 LUT6\n41600 FDRE\n90 DSP48E1\n49 RAMB36E1\n2 RAMB18E1\n%s\n' "$1" >"$work/stat"
  awk -f fpga/xilinx7.awk -v board=a7 -v target="${2:-a7-35}" fpga/devices.txt "$work/stat"
}
refuses 0 '' series7 ''
refuses 1 'a7 needs 20801 LUT, and an a7-35 has 20800.' series7 '1 LUT2'
refuses 1 'a7 needs 41601 flip-flop, and an a7-35 has 41600.' series7 '1 FDSE'
refuses 1 'a7 needs 91 DSP48E1, and an a7-35 has 90.' series7 '91 DSP48E1'
refuses 1 'a7 needs 50.5 RAMB36, and an a7-35 has 50.' series7 '3 RAMB18E1'
refuses 1 'xilinx7.awk: fpga/devices.txt has no xilinx7 a7-200.' series7 '' a7-200
# The shapes of docs/sizing.md are judged by the same.
sed -n 's/^ecp5  *//p' fpga/devices.txt | while read -r target comb _ multipliers rams; do
  grep -qF "{\"$target\", $comb, $multipliers, $rams}" tests/sizing/boards.c || echo "$target"
done >"$work/other"
[ ! -s "$work/other" ] || fail "tests/sizing/boards.c has another $(cat "$work/other")"

# --- flash: by what is there ---
path=$PATH
for tool in sh awk sed dirname cat chmod grep head cut tr sort tail; do
  ln -s "$(command -v $tool)" "$work/bin/$tool"
done
PATH=$work/bin
refuses 2 "There is no $work/none.bit; make fpga BOARD=ulx3s." \
  sh fpga/flash.sh ulx3s "$work/none.bit"
: >"$work/some.bit"
refuses 2 "The board arty is for synthesis alone, nothing is placed for it; give BOARD=ulx3s." \
  sh fpga/flash.sh arty "$work/some.bit"
refuses 1 "openfpgaloader 0.10 or newer is missing (loads bitstreams into boards): \
apt-get install openfpgaloader" sh fpga/flash.sh ulx3s "$work/some.bit"
loads() { # what is called, command ...
  want=$1
  shift
  got=$("$@")
  [ "$got" = "$want" ] || fail "'$got', not '$want'"
}
printf '#!/bin/sh\necho "fujprog $*"\n' >"$work/bin/fujprog"
chmod +x "$work/bin/fujprog"
loads "fujprog $work/some.bit" sh fpga/flash.sh ulx3s "$work/some.bit"
loads "fujprog -j flash $work/some.bit" sh fpga/flash.sh ulx3s "$work/some.bit" 1
printf '#!/bin/sh\necho "openFPGALoader $*"\n' >"$work/bin/openFPGALoader"
chmod +x "$work/bin/openFPGALoader"
loads "openFPGALoader --board=ulx3s $work/some.bit" sh fpga/flash.sh ulx3s "$work/some.bit"
loads "openFPGALoader --board=colorlight-i5 --write-flash $work/some.bit" \
  sh fpga/flash.sh colorlight_i5 "$work/some.bit" 1
PATH=$path

[ $failed = 0 ] && echo \
  "boards: every row, $count clocks of PLLs, seeds, devices, loaders and refusals hold"
exit $failed
