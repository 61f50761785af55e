// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace anchor6 {

/// Who looks at what happens, and remembers what was found wrong first.
class Judge {
public:
    /// Empty: nothing was wrong.
    std::string complaint;

protected:
    void complain(bool bad, const char* what) {
        if (bad && complaint.empty())
            complaint = what;
    }
};

} // namespace anchor6
