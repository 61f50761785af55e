// SPDX-License-Identifier: GPL-2.0-or-later
// The octets are a story of gateways and their anchor; a story that breaks an invariant is a crash.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/core_gateway_script.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    anchor6::GatewayScript script{{data, size}};
    if (const std::string complaint = script.play(); !complaint.empty()) {
        std::fprintf(stderr, "%s\n", complaint.c_str());
        std::abort();
    }
    return 0;
}
