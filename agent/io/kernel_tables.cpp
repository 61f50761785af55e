// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/kernel_tables.h"

#include <algorithm>

namespace anchor6::io {

namespace {

bool is_of_binding(const core::KernelChange& change) {
    return std::holds_alternative<core::SetKernelBinding>(change) ||
           std::holds_alternative<core::DeleteKernelBinding>(change);
}

/// Those changes of a batch that one table makes.
struct Share {
    std::vector<core::KernelChange> changes;
    std::vector<std::size_t> places;

    void add(const core::KernelChange& change, std::size_t place) {
        changes.push_back(change);
        places.push_back(place);
    }
    void report(const std::vector<int>& own, std::vector<int>& errors) const {
        for (std::size_t index = 0; index < places.size(); ++index)
            errors[places[index]] = own[index];
    }
};

} // namespace

std::vector<int> KernelTables::apply(std::span<const core::KernelChange> changes) {
    if (std::ranges::all_of(changes, is_of_binding))
        return bindings_->apply(changes);
    Share bindings;
    Share defences;
    for (std::size_t place = 0; place < changes.size(); ++place) {
        (is_of_binding(changes[place]) ? bindings : defences).add(changes[place], place);
        if (const auto* release = std::get_if<core::ReleaseAddress>(&changes[place]))
            announcements_->stop(release->address);
    }
    std::vector<int> errors(changes.size());
    bindings.report(bindings_->apply(bindings.changes), errors);
    defences.report(defence_->apply(defences.changes), errors);
    return errors;
}

} // namespace anchor6::io
