# SPDX-License-Identifier: Apache-2.0
# headers.mk: a rule beside those of Verilator's makefile, with the same flags (tb/tb.mk).

%.h.gch: %.h
	$(CXX) $(CXXFLAGS) $(CPPFLAGS) $(OPT_FAST) -x c++-header -o $@ $<
