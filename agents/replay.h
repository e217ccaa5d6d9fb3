// A ring of transitions in one slab (Lin 1992; Mnih 2015): a transition's next observation is the row after
// it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "envs/envs.h"
#include "training/loop/learner.h"

namespace agents {

// Time R, N environments, observation O of the environment's own dtype, actions A: one choice (Discrete),
// several (MultiDiscrete) or floats (Box). Environments write into the rows in place. Beside them stand the
// last observations of the episodes that the time limit cut; of those that terminated nobody asks what came
// next.
class Replay {
 public:
  // What a transition and the n - 1 after it come to.
  struct NStepReturn {
    float reward;             // sum of gamma^k r_{t+k} over k < n, cut where the episode ended
    float discount;           // of the value of `next`: gamma^steps, 0 where the episode terminated
    const std::byte* next;    // [O] where to bootstrap: the episode's own last one where it was truncated
    const uint8_t* mask;      // [n] what is possible there; null: all
    bool terminated = false;  // the episode, within them
  };

  // Room for `capacity` transitions, rounded up to a multiple of N.
  Replay(const envs::Spec& spec, int64_t num_envs, int64_t capacity);
  // The size of its slab, and how many positions it has: places in the ring, row * N + environment.
  static uint64_t bytes(const envs::Spec& spec, int64_t num_envs, int64_t capacity);
  static int64_t positions(int64_t num_envs, int64_t capacity);

  // The present moment: read observations [N, O], fill the mask [N, n] where there is one and the actions
  // [N, A], choices or values, step environments into out, then advance. Before a batch is drawn, the mask is
  // filled once more.
  std::byte* observations() { return slab_.get() + row() * layout_.row; }
  uint8_t* mask() {
    return layout_.choices ? at<uint8_t>(layout_.masks) + row() * envs_ * layout_.choices : nullptr;
  }
  int64_t* choices() { return at<int64_t>(layout_.actions) + row() * envs_ * width_; }
  float* values() { return at<float>(layout_.actions) + row() * envs_ * width_; }
  envs::Actions actions();
  envs::StepOut out();
  void advance();

  // The transitions that have n steps after them; the k-th oldest stands at position(k).
  int64_t complete(int64_t n) const;
  int64_t position(int64_t k) const;
  // Whether the latest advance completed the n steps after some row, and overwrote another: the first
  // position of each, or -1.
  int64_t completed_row(int64_t n) const;
  int64_t overwritten_row() const { return time_ >= rows_ ? row() * envs_ : -1; }

  int64_t num_envs() const { return envs_; }
  // Whether the episode ended with it, for whatever reason.
  bool ended(int64_t position) const {
    return at<uint8_t>(layout_.terminated)[position] | at<uint8_t>(layout_.truncated)[position];
  }
  const std::byte* observation(int64_t position) const { return slab_.get() + position * layout_.item; }
  // Its action [A], by the kind of space.
  const int64_t* choices(int64_t position) const { return at<int64_t>(layout_.actions) + position * width_; }
  const float* values(int64_t position) const { return at<float>(layout_.actions) + position * width_; }
  NStepReturn n_step(int64_t position, int64_t n, double gamma) const;

  // Everything that has been written.
  void state(core::Archive& archive);

 private:
  // Where the columns begin in the slab, in bytes; the observations come first.
  struct Layout {
    Layout(const envs::Spec& spec, int64_t num_envs, int64_t rows);
    int64_t item, row;  // one observation [O], one row of them [N, O]
    int64_t act;        // one action [A]
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
  void check_observations(int64_t seen) const;
  void check_actions(int64_t acted) const;

  int64_t envs_, rows_, limit_, width_;  // width: numbers of an action
  Layout layout_;
  envs::Space observation_, action_;
  std::unique_ptr<std::byte[]> slab_;
  int64_t time_ = 0;  // moments so far: the present one stands in row time_ % R
};

// Error, which names the option `key`, unless there is memory for a replay and `beside` bytes that go with
// it, and for a copy of both while a checkpoint is written. A line says at the start what they take.
void require_replay(training::Build& build, const std::string& key, const envs::Spec& spec, int64_t num_envs,
                    int64_t capacity, uint64_t beside = 0);
// Error, which names the option `key`, where a run would end before its first update: that comes after
// `warm_up` transitions, `per_step` of which one step of learning gathers.
void check_warm_up(const core::Duration& budget, const std::string& key, int64_t warm_up, int64_t per_step);

}  // namespace agents
