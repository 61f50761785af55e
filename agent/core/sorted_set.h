// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace anchor6::core {

/// Many values in their order, in sorted pieces one after the other: it takes little more memory
/// than the values.
template <class Value>
class SortedSet {
public:
    /// False: it was there.
    bool insert(const Value& value) {
        if (pieces_.empty()) {
            pieces_.push_back({value});
            return true;
        }
        const std::size_t index = piece_of(value);
        Piece& piece = pieces_[index];
        const auto place = std::ranges::lower_bound(piece, value);
        if (place != piece.end() && *place == value)
            return false;
        piece.insert(place, value);
        if (piece.size() > piece_max)
            split(index);
        return true;
    }

    /// False: it was not there.
    bool erase(const Value& value) {
        if (pieces_.empty())
            return false;
        const std::size_t index = piece_of(value);
        Piece& piece = pieces_[index];
        const auto place = std::ranges::lower_bound(piece, value);
        if (place == piece.end() || *place != value)
            return false;
        piece.erase(place);
        if (piece.empty())
            pieces_.erase(at(index));
        else
            merge(index);
        return true;
    }

    bool empty() const { return pieces_.empty(); }

    /// Calls `visit` with each value from that one on, itself included, until it returns false.
    template <class Visit>
    void each_from(const Value& first, Visit visit) const {
        if (pieces_.empty())
            return;
        const std::size_t begin = piece_of(first);
        auto place = std::ranges::lower_bound(pieces_[begin], first);
        for (std::size_t index = begin; index < pieces_.size(); ++index) {
            if (index != begin)
                place = pieces_[index].begin();
            for (; place != pieces_[index].end(); ++place)
                if (!visit(*place))
                    return;
        }
    }

private:
    using Piece = std::vector<Value>;
    static constexpr std::size_t piece_max = 256;

    // The last one that does not begin behind the value.
    std::size_t piece_of(const Value& value) const {
        const auto behind = std::ranges::upper_bound(
            pieces_, value, {}, [](const Piece& piece) -> const Value& { return piece.front(); });
        return behind == pieces_.begin() ? 0
                                         : static_cast<std::size_t>(behind - pieces_.begin()) - 1;
    }

    auto at(std::size_t index) {
        return std::next(pieces_.begin(), static_cast<std::ptrdiff_t>(index));
    }

    // What grows at its end, as sessions by their numbers do, leaves full pieces behind.
    void split(std::size_t index) {
        const bool last = index + 1 == pieces_.size();
        const std::size_t left = last ? piece_max : piece_max / 2;
        const auto middle = std::next(pieces_[index].begin(), static_cast<std::ptrdiff_t>(left));
        Piece right(middle, pieces_[index].end());
        pieces_[index].erase(middle, pieces_[index].end());
        pieces_[index].shrink_to_fit();
        pieces_.insert(at(index + 1), std::move(right));
    }

    // Two neighbours that together are a small one become it, so that few pieces stay nearly empty.
    void merge(std::size_t index) {
        const std::size_t left = index == 0 ? 0 : index - 1;
        if (left + 1 == pieces_.size() ||
            pieces_[left].size() + pieces_[left + 1].size() > piece_max / 2)
            return;
        std::ranges::move(pieces_[left + 1], std::back_inserter(pieces_[left]));
        pieces_.erase(at(left + 1));
    }

    std::vector<Piece> pieces_;
};

} // namespace anchor6::core
