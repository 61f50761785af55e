// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/status.h"

namespace anchor6::wire {

std::string_view status_text(Status status) {
    switch (status) {
#define ANCHOR6_STATUS_TEXT(name, value, text)                                                     \
    case Status::name:                                                                             \
        return text;
        ANCHOR6_STATUS_CODES(ANCHOR6_STATUS_TEXT)
#undef ANCHOR6_STATUS_TEXT
    }
    return "unassigned";
}

} // namespace anchor6::wire
