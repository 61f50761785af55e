// SPDX-License-Identifier: GPL-2.0-or-later
// The octets are a story of a mobile node and its home agent; a story that breaks an invariant is a
// crash.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/core_node_script.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    anchor6::NodeScript script{{data, size}};
    if (const std::string complaint = script.play(); !complaint.empty()) {
        std::fprintf(stderr, "%s\n", complaint.c_str());
        std::abort();
    }
    return 0;
}
