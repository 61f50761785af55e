// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <variant>

#include "exchange.h"
#include "rate.h"
#include "request.h"

namespace anchor6::load {

/// What the command line asks for.
struct Arguments {
    Request request;
    Pace pace;
    bool json = false;
};

/// A measurement that the command line asks for.
struct RateArguments {
    RateRequest request;
    bool json = false;
};

/// Reads the command line; when nothing is left to do (help, or a usage error, which it has
/// printed), the exit status.
std::variant<Arguments, RateArguments, int> parse_arguments(int argc, char** argv);

} // namespace anchor6::load
