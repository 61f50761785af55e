// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/link_layer_address.h"

#include <CppUTest/TestHarness.h>

namespace {

using namespace anchor6;

} // namespace

TEST_GROUP(LinkLayerAddress){};

TEST(LinkLayerAddress, octets_in_hexadecimal_with_colons) {
    auto address = wire::parse_link_layer_address("02:0a:FF:00:00:10");
    LONGS_EQUAL(6, address->size());
    STRCMP_EQUAL("02:0a:ff:00:00:10", wire::link_layer_text(*address).c_str());
    STRCMP_EQUAL("7f", wire::link_layer_text(*wire::parse_link_layer_address("7f")).c_str());
    STRCMP_EQUAL("", wire::link_layer_text({}).c_str());
}

TEST(LinkLayerAddress, anything_else_is_refused) {
    for (const char* text : {"", "0", "02:", ":02", "02-03", "02:3", "0x02", "02:-1", "02:+1",
                             "00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00"})
        STRCMP_EQUAL("", wire::parse_link_layer_address(text) ? text : "");
}
