// A ring of transitions in one slab (Lin 1992; Mnih 2015): a transition's next observation is the row after
// it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "envs/envs.h"

namespace agents {

// Time R, N environments with a Discrete action space, observation O of the environment's own dtype.
// Environments write into the rows in place. Beside them stand the last observations of the episodes that the
// time limit cut; of those that terminated nobody asks what came next.
class Replay {
 public:
  // What a transition and the n - 1 after it come to.
  struct NStepReturn {
    float reward;           // sum of gamma^k r_{t+k} over k < n, cut where the episode ended
    float discount;         // of the value of `next`: gamma^steps, 0 where the episode terminated
    const std::byte* next;  // [O] where to bootstrap: the episode's own last one where it was truncated
    const uint8_t* mask;    // [A] what is possible there; null: all
  };

  // Room for `capacity` transitions, rounded up to a multiple of N.
  Replay(const envs::Spec& spec, int64_t num_envs, int64_t capacity);
  // The size of its slab, and how many positions it has: places in the ring, row * N + environment.
  static uint64_t bytes(const envs::Spec& spec, int64_t num_envs, int64_t capacity);
  static int64_t positions(int64_t num_envs, int64_t capacity);

  // The present moment: read observations [N, O], fill the mask [N, A] where there is one and the actions
  // [N], step environments into out, then advance. Before a batch is drawn, the mask is filled once more.
  std::byte* observations() { return slab_.get() + row() * layout_.row; }
  uint8_t* mask() {
    return layout_.choices ? at<uint8_t>(layout_.masks) + row() * envs_ * choices_ : nullptr;
  }
  int64_t* actions() { return at<int64_t>(layout_.actions) + row() * envs_; }
  envs::StepOut out();
  void advance();

  // The transitions that have n steps after them; the k-th oldest stands at position(k).
  int64_t complete(int64_t n) const;
  int64_t position(int64_t k) const;
  // Whether the latest advance completed the n steps after some row, and overwrote another: the first
  // position of each, or -1.
  int64_t completed_row(int64_t n) const;
  int64_t overwritten_row() const { return time_ >= rows_ ? row() * envs_ : -1; }

  const std::byte* observation(int64_t position) const { return slab_.get() + position * layout_.item; }
  int64_t action(int64_t position) const { return at<int64_t>(layout_.actions)[position]; }
  NStepReturn n_step(int64_t position, int64_t n, double gamma) const;

  // Everything that has been written.
  void state(core::Archive& archive);

 private:
  // Where the columns begin in the slab, in bytes; the observations come first.
  struct Layout {
    Layout(const envs::Spec& spec, int64_t num_envs, int64_t rows);
    int64_t item, row;  // one observation [O], one row of them [N, O]
    int64_t cuts;       // rows of last observations
    int64_t choices;    // of a mask; 0: there is none
    int64_t actions, rewards, terminated, truncated, ended, cut, masks, ended_mask, cut_mask, size;
  };

  template <class T>
  T* at(int64_t offset) const {
    return reinterpret_cast<T*>(slab_.get() + offset);
  }
  int64_t row() const { return time_ % rows_; }
  int64_t time_of(int64_t row) const { return time_ - 1 - (time_ - 1 - row) % rows_; }
  int64_t cut_index(int64_t time) const { return time / limit_ % layout_.cuts; }
  std::byte* cut_row(int64_t time) const { return slab_.get() + layout_.cut + cut_index(time) * layout_.row; }
  uint8_t* mask_row(int64_t column, int64_t row, int64_t env) const;
  void check_restored(int64_t seen, int64_t acted) const;

  int64_t envs_, rows_, limit_, choices_;  // choices: actions that there are
  Layout layout_;
  envs::Space space_;  // of the observations
  std::unique_ptr<std::byte[]> slab_;
  int64_t time_ = 0;  // moments so far: the present one stands in row time_ % R
};

}  // namespace agents
