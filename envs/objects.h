// N copies of one environment as objects: physics worlds, boards, grids with lists, and environments of one's
// own.
//
//   class Env {                             // one environment; copyable or movable
//     using Action = int64_t or float;      // step reads spec().action.size() of them
//     using Item = float, uint8_t, int32_t; // one element of the observation
//     static constexpr int64_t parallel_from;  // that many of them are worth a second thread
//     Spec spec() const;
//     void reset(core::Pcg64&);
//     Outcome step(const Action* action, core::Pcg64&);
//     void observe(Item* row) const;        // spec().observation.size() of them
//     void draw(core::Canvas&) const;
//     void state(core::Archive&, const std::string& name);  // everything, under names that begin with `name`
//     void action_mask(uint8_t* row) const; // where its Spec says that it has one
//     void reserve(int64_t steps);          // optional: room for an episode of so many (0: no limit is
//     known)
//   };
//
// Time limit, autoreset and statistics are the holder's; random numbers are NumPy's, seeded with seed + i.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "envs/envs.h"
#include "envs/episodes.h"
#include "envs/streams.h"

namespace envs {

template <class Env>
class Objects final : public Envs {
  using Action = typename Env::Action;
  using Item = typename Env::Item;
  // Environments that a thread takes at a time.
  static constexpr int64_t chunk = std::max<int64_t>(Env::parallel_from / 16, 1);

 public:
  Objects(const Env& env, Spec spec, int64_t n)
      : spec_(std::move(spec)),
        episodes_(n, spec_.max_episode_steps),
        streams_(size_t(n)),
        envs_(size_t(n), env),
        obs_width_(size_t(spec_.observation.size())),
        action_width_(size_t(spec_.action.size())) {
    if constexpr (requires(Env & e) { e.reserve(int64_t()); })
      for (Env& e : envs_) e.reserve(spec_.max_episode_steps);
  }

  const Spec& spec() const override { return spec_; }
  int64_t size() const override { return int64_t(envs_.size()); }

  void reset(uint64_t seed, std::byte* obs) override {
    streams_.seed(seed);
    for (size_t i = 0; i < envs_.size(); ++i) begin(i, obs);
    started_ = true;
  }

  void step(const Actions& actions, const StepOut& out) override {
    check_started(spec_, started_);
    check_actions(spec_, size(), actions);
    if (size() < Env::parallel_from) {
      for (size_t i = 0; i < envs_.size(); ++i) step_one(i, actions, out);
    } else {
#pragma omp parallel for schedule(dynamic, chunk)
      for (size_t i = 0; i < envs_.size(); ++i) step_one(i, actions, out);
    }
  }

  void action_mask(uint8_t* mask) const override {
    for (size_t i = 0; i < envs_.size(); ++i) action_mask(i, mask);
  }

  void draw(int64_t i, core::Canvas& canvas) const override { envs_[size_t(i)].draw(canvas); }

  void autoreset(bool on) override { autoreset_ = on; }

  void next_episode(int64_t i, std::byte* obs) override { begin(size_t(i), obs); }

  void state(core::Archive& archive) override {
    episodes_.state(archive);
    streams_.state(archive);
    started_ = restored_flag(archive, "started", started_);
    for (size_t i = 0; i < envs_.size(); ++i) envs_[i].state(archive, "env" + std::to_string(i) + ".");
  }

 private:
  Item* row(std::byte* obs, size_t i) const { return reinterpret_cast<Item*>(obs) + i * obs_width_; }

  // Of environment i into its row of mask [N, n].
  void action_mask(size_t i, uint8_t* mask) const {
    if constexpr (requires { envs_[i].action_mask(mask); })
      envs_[i].action_mask(mask + i * size_t(spec_.action.n[0]));
  }

  void begin(size_t i, std::byte* obs) {
    episodes_.begin(i);
    envs_[i].reset(streams_.view().at(i, 0));
    envs_[i].observe(row(obs, i));
  }

  void step_one(size_t i, const Actions& actions, const StepOut& out) {
    const StepMode mode = actions.mode ? actions.mode[i] : StepMode::step;
    if (mode == StepMode::skip) return;
    const Action* action = nullptr;
    if constexpr (std::is_same_v<Action, float>)
      action = actions.continuous + i * action_width_;
    else
      action = actions.discrete + i * action_width_;
    const int32_t now = ++episodes_.age[i];
    const Outcome outcome = envs_[i].step(action, streams_.view().at(i, now));
    episodes_.returns[i] += double(outcome.reward);
    out.reward[i] = outcome.reward;
    out.terminated[i] = uint8_t(outcome.terminated);
    out.truncated[i] = now >= episodes_.limit || mode == StepMode::truncate;
    envs_[i].observe(row(out.obs, i));
    if (out.terminated[i] | out.truncated[i]) end(i, out);
  }

  void end(size_t i, const StepOut& out) {
    episodes_.end(i, out);
    if (out.final_obs) std::memcpy(row(out.final_obs, i), row(out.obs, i), obs_width_ * sizeof(Item));
    if (out.final_action_mask) action_mask(i, out.final_action_mask);
    if (autoreset_) begin(i, out.obs);
  }

  Spec spec_;
  Episodes episodes_;
  Streams<core::Pcg64> streams_;
  std::vector<Env> envs_;
  size_t obs_width_, action_width_;
  bool started_ = false, autoreset_ = true;
};

}  // namespace envs
