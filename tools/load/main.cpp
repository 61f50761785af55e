// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdio>
#include <exception>

#include <fmt/format.h>
#include <sysexits.h>

#include "arguments.h"

namespace {

using namespace anchor6::load;

constexpr int refused = 2;
constexpr int unanswered = 3;

void print_line(const std::string& line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

void print_tally(const Arguments& arguments, const Tally& tally) {
    if (arguments.json && (tally.sent > 1 || tally.unanswered() > 0)) {
        print_line(fmt::format(R"({{"sent":{},"accepted":{},"refused":{},"unanswered":{}}})",
                               tally.sent, tally.accepted, tally.refused, tally.unanswered()));
    } else if (tally.sent > 1) {
        print_line(fmt::format("{} sent, {} accepted, {} refused, {} without answer", tally.sent,
                               tally.accepted, tally.refused, tally.unanswered()));
    } else if (tally.unanswered() > 0) {
        print_line(fmt::format("no answer in {} ms", arguments.pace.wait.count()));
    }
}

int run(const Arguments& arguments) {
    const auto report = [&](const Answer& answer, std::chrono::nanoseconds delay) {
        print_line(arguments.json ? to_json(answer, delay) : to_text(answer, delay));
    };
    const Tally tally = exchange(arguments.request, arguments.pace, report);
    print_tally(arguments, tally);
    return tally.unanswered() > 0 ? unanswered : tally.refused > 0 ? refused : EX_OK;
}

int run(const RateArguments& arguments) {
    bool complete = true;
    measure_rate(arguments.request, [&](const RateResult& result) {
        print_line(arguments.json ? to_json(result) : to_text(result));
        complete = complete && result.refused == 0 && result.unanswered == 0;
    });
    return complete ? EX_OK : refused;
}

} // namespace

int main(int argc, char** argv) {
    const auto parsed = parse_arguments(argc, argv);
    if (const int* status = std::get_if<int>(&parsed)) {
        return *status;
    }
    try {
        const auto* rate = std::get_if<RateArguments>(&parsed);
        return rate != nullptr ? run(*rate) : run(std::get<Arguments>(parsed));
    } catch (const std::exception& error) {
        fmt::print(stderr, "anchor6-load: {}\n", error.what());
        return EX_OSERR;
    }
}
