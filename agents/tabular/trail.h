// The latest moves of an episode, n of them at most, and what was gained from each of them on: the returns of
// n-step methods (Sutton & Barto 2018, chapter 7) and of Monte Carlo methods (chapter 5).
#pragma once

#include <algorithm>
#include <vector>

#include "agents/tabular/tabular_play.h"

namespace agents {

class Trail {
 public:
  struct Visit {
    int64_t state, action;
    double reward;
  };

  // Room for n moves, or for an episode's where that is less; registers them.
  Trail(TabularPlay& play, int64_t n, training::Build& build)
      : visits_(static_cast<size_t>(play.time_limit() > 0 ? std::min(n, play.time_limit()) : n)),
        returns_(visits_.size()),
        masks_(play.masked() ? visits_.size() * static_cast<size_t>(play.actions()) : 0) {
    build.state("trail", [this, &play](core::Archive& archive) { state(archive, play); });
  }

  int64_t size() const { return size_; }
  bool full() const { return size_ == std::ssize(visits_); }
  // Move k, 0 the oldest; what is possible where it led to.
  const Visit& operator[](int64_t k) const { return visits_[place(k)]; }
  MaskRow mask_after(int64_t k) const {
    const size_t A = masks_.size() / visits_.size();
    return masks_.empty() ? nullptr : masks_.data() + place(k) * A;
  }

  void add(const TabularPlay::Move& move, MaskRow next_mask) {
    const size_t at = place(size_++), A = masks_.size() / visits_.size();
    visits_[at] = {move.state, move.action, move.reward};
    if (!masks_.empty()) std::copy_n(next_mask, A, masks_.begin() + static_cast<int64_t>(at * A));
  }
  // G_k = backup(k, G_k+1) of every move, the newest first, whose G_k+1 is `tail`: what its last state is
  // worth.
  template <class Backup>
  const std::vector<double>& returns(double tail, Backup&& backup) {
    for (int64_t k = size_ - 1; k >= 0; --k) tail = returns_[static_cast<size_t>(k)] = backup(k, tail);
    return returns_;
  }
  void drop_oldest() {
    first_ = place(1);
    --size_;
  }
  void clear() { size_ = 0; }

 private:
  size_t place(int64_t k) const {
    const size_t at = first_ + static_cast<size_t>(k);
    return at < visits_.size() ? at : at - visits_.size();
  }
  void state(core::Archive& archive, const TabularPlay& play);

  std::vector<Visit> visits_;    // [n] a ring
  std::vector<double> returns_;  // [n]
  std::vector<uint8_t> masks_;   // [n, A], where the environment tells them
  size_t first_ = 0;
  int64_t size_ = 0;
};

}  // namespace agents
