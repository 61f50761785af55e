// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "io/change_run.h"
#include "tests/io_store_values.h"

#include <CppUTest/TestHarness.h>

namespace {

using namespace anchor6;

using Changes = std::vector<core::StoreChange>;
using Octets = std::vector<std::uint8_t>;

const io::StoreClock store_clock{std::nullopt, 1, {}};

core::StoreChange put(std::uint64_t id, std::uint16_t sequence) {
    core::ProxyBinding binding = tests::proxy_binding();
    binding.id = id;
    binding.sequence = sequence;
    return core::PutProxyBinding{binding};
}

Octets encoded(const core::StoreChange& change) {
    wire::Writer writer;
    io::encode(change, store_clock, writer);
    return std::move(writer).finish();
}

io::ChangeRun run_of(const Changes& changes) {
    Octets octets;
    std::vector<std::uint32_t> starts;
    for (const core::StoreChange& change : changes) {
        starts.push_back(static_cast<std::uint32_t>(octets.size()));
        const Octets own = encoded(change);
        octets.push_back(static_cast<std::uint8_t>(own.size() >> 8));
        octets.push_back(static_cast<std::uint8_t>(own.size()));
        octets.insert(octets.end(), own.begin(), own.end());
    }
    return {std::move(octets), starts};
}

std::vector<Octets> merged(const std::vector<io::ChangeRun>& runs) {
    std::vector<Octets> result;
    io::ChangeMerge merge{runs};
    while (const auto change = merge.next())
        result.emplace_back(change->begin(), change->end());
    CHECK_TRUE(merge.empty());
    return result;
}

} // namespace

TEST_GROUP(ChangeRun){};

TEST(ChangeRun, is_in_the_order_of_keys_and_has_the_last_change_of_each) {
    const io::ChangeRun run = run_of({put(2, 1), put(1, 1), core::DeleteProxyBinding{2}});
    LONGS_EQUAL(2, run.size());
    CHECK_TRUE(std::ranges::equal(run.change(0), encoded(put(1, 1))));
    CHECK_TRUE(std::ranges::equal(run.change(1), encoded(core::DeleteProxyBinding{2})));
}

TEST(ChangeRun, merge_of_none_and_of_empty_ones_is_empty) {
    CHECK_TRUE(io::ChangeMerge{}.empty());
    CHECK_TRUE(merged({run_of({}), run_of({})}).empty());
}

TEST(ChangeRun, merge_finds_what_a_map_holds) {
    std::mt19937 random{1};
    for (int repetition = 0; repetition < 200; ++repetition) {
        std::map<io::StoreKey, Octets> model;
        std::vector<io::ChangeRun> runs(random() % 8, run_of({}));
        for (io::ChangeRun& run : runs) {
            Changes changes;
            for (auto left = random() % 8; left != 0; --left) {
                const std::uint64_t id = random() % 10;
                const auto sequence = static_cast<std::uint16_t>(random());
                changes.push_back(random() % 4 == 0 ? core::DeleteProxyBinding{id}
                                                    : put(id, sequence));
                const Octets octets = encoded(changes.back());
                model[io::key_of(octets)] = octets;
            }
            run = run_of(changes);
        }
        std::vector<Octets> expected;
        expected.reserve(model.size());
        for (const auto& [key, octets] : model)
            expected.push_back(octets);
        CHECK_TRUE(merged(runs) == expected);
    }
}
