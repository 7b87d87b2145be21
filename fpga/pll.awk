# SPDX-License-Identifier: Apache-2.0
# pll.awk: the two numbers of a PLL that makes a clock: MULTIPLY DIVIDE KHZ, KHZ what comes out.
#
# awk -v family=ecp5|xilinx7 -v oscillator=KHZ -v clock=KHZ -f fpga/pll.awk. The PLL runs at
# oscillator x multiply, and gives that divided; of all pairs inside the family's limits the one
# that comes closest to the clock without passing it, and of several the slowest PLL. The phase
# detector runs at the oscillator's clock. Exit 2 with a sentence when there is none.
BEGIN {
  # Limits of the oscillator at the phase detector, of the PLL, and of the divider: kHz. ECP5:
  # FPGA-DS-02012, 3.19; 7 series: DS181, PLL switching characteristics, speed -1.
  if (family == "ecp5") { in_least = 10000; in_most = 400000; least = 400000; most = 800000 }
  else if (family == "xilinx7") {
    in_least = 19000
    in_most = 450000
    least = 800000
    most = 1600000
  } else refuse("There is no PLL of the family '" family "'; there are ecp5, xilinx7.")
  multiply_most = family == "ecp5" ? 80 : 64
  if (oscillator < in_least || oscillator > in_most)
    refuse("The oscillator is " oscillator " kHz, and a PLL of " family " takes " in_least " to " \
      in_most ".")
  best = 0
  for (m = 1; m <= multiply_most; m++) {
    if (oscillator * m < least || oscillator * m > most) continue
    for (d = 1; d <= 128; d++) {
      out = oscillator * m / d
      if (out <= clock && out > best) { best = out; multiply = m; divide = d }
    }
  }
  if (best == 0)
    refuse("The clock is " clock " kHz, and the slowest that a PLL of " family " makes of " \
      oscillator " kHz is above it.")
  printf "%d %d %.3f\n", multiply, divide, best
}
function refuse(text) { print text > "/dev/stderr"; exit 2 }
