// N environments with one change to what goes in or comes out. The change is a plain struct W(params, inner)
// that has whichever of these it needs; the holder does the rest, with no virtual call per environment:
//
//   Spec spec(Spec inner) const;                              // what callers see
//   void seed(uint64_t seed);                                 // reset: random numbers of its own
//   Actions act(const Actions&);                              // what the environments inside are given
//   void play(const Actions&, const StepOut&);                // steps them by itself
//   void update(const std::byte* obs, const StepMode*);       // [N, O] as they come, before begin and next
//   void begin(size_t i, const std::byte* in, std::byte* out);  // transforms an episode's first observation
//   void next(size_t i, const std::byte* in, std::byte* out);   // and every later one
//   void after(const StepOut&, const StepMode*);              // rewards and ends of this step
//   void state(core::Archive&, const std::string& name);      // what the next step depends on
//   static constexpr bool draws = true;                       // observations are drawings of the present
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "core/memory.h"
#include "envs/envs.h"

namespace envs {

inline bool is_stepped(const StepMode* mode, size_t i) { return !mode || mode[i] != StepMode::skip; }

template <class W>
class Wrapped final : public Envs {
  static constexpr bool observes = requires(W w, std::byte* row) { w.next(size_t(), row, row); };
  static constexpr bool draws = requires { W::draws; };

 public:
  template <class Params>
  Wrapped(const Params& params, std::unique_ptr<Envs> inner, std::string name)
      : inner_(std::move(inner)),
        name_(std::move(name)),
        w_(params, *inner_),
        spec_(outer_spec()),
        in_bytes_(inner_->spec().observation.bytes()),
        out_bytes_(spec_.observation.bytes()) {
    if constexpr (observes) {
      core::require_memory(
          2 * double(count()) * double(in_bytes_),
          "env.wrappers: what " + name_ + " is given of " + std::to_string(count()) + " environments");
      obs_.resize(count() * in_bytes_);
      final_obs_ = obs_;
    }
    if constexpr (draws) inner_->autoreset(false);
  }

  const Spec& spec() const override { return spec_; }
  int64_t size() const override { return inner_->size(); }

  void reset(uint64_t seed, std::byte* obs) override {
    if constexpr (requires { w_.seed(seed); }) w_.seed(seed);
    if constexpr (observes) {
      inner_->reset(seed, obs_.data());
      update(nullptr);
      for (size_t i = 0; i < count(); ++i) begin(i, obs);
    } else {
      inner_->reset(seed, obs);
    }
  }

  void step(const Actions& actions, const StepOut& out) override {
    const StepMode* mode = actions.mode;
    StepOut inside = out;
    if constexpr (observes) {
      inside.obs = obs_.data();
      inside.final_obs = final_obs_.data();
    }
    Actions given = actions;
    if constexpr (requires { w_.act(actions); }) given = w_.act(actions);
    if constexpr (requires { w_.play(given, inside); })
      w_.play(given, inside);
    else
      inner_->step(given, inside);
    if constexpr (requires { w_.after(out, mode); }) w_.after(out, mode);
    if constexpr (observes) transform(out, mode);
  }

  void action_mask(uint8_t* mask) const override { inner_->action_mask(mask); }

  void draw(int64_t i, core::Canvas& canvas) const override { inner_->draw(i, canvas); }

  void autoreset(bool on) override {
    autoreset_ = on;
    if constexpr (!draws) inner_->autoreset(on);
  }

  void next_episode(int64_t i, std::byte* obs) override {
    if constexpr (observes) {
      inner_->next_episode(i, obs_.data());
      begin(size_t(i), obs);
    } else {
      inner_->next_episode(i, obs);
    }
  }

  void state(core::Archive& archive) override {
    inner_->state(archive);
    if constexpr (requires { w_.state(archive, name_); }) w_.state(archive, name_ + ".");
  }

 private:
  size_t count() const { return size_t(inner_->size()); }

  Spec outer_spec() const {
    if constexpr (requires { w_.spec(inner_->spec()); })
      return w_.spec(inner_->spec());
    else
      return inner_->spec();
  }

  void update(const StepMode* mode) {
    if constexpr (requires { w_.update(obs_.data(), mode); }) w_.update(obs_.data(), mode);
  }
  void begin(size_t i, std::byte* obs) { w_.begin(i, obs_.data() + i * in_bytes_, obs + i * out_bytes_); }

  void transform(const StepOut& out, const StepMode* mode) {
    update(mode);
    for (size_t i = 0; i < count(); ++i) {
      if (!is_stepped(mode, i)) continue;
      std::byte* row = out.obs + i * out_bytes_;
      if (out.terminated[i] | out.truncated[i])
        end(i, out);
      else
        w_.next(i, obs_.data() + i * in_bytes_, row);
    }
  }

  void end(size_t i, const StepOut& out) {
    std::byte* row = out.obs + i * out_bytes_;
    w_.next(i, final_obs_.data() + i * in_bytes_, row);
    if (out.final_obs) std::copy_n(row, out_bytes_, out.final_obs + i * out_bytes_);
    if (!autoreset_) return;
    if constexpr (draws) inner_->next_episode(int64_t(i), obs_.data());
    begin(i, out.obs);
  }

  std::unique_ptr<Envs> inner_;
  std::string name_;  // of what it saves
  W w_;
  Spec spec_;
  size_t in_bytes_, out_bytes_;             // of one observation, inside and outside
  std::vector<std::byte> obs_, final_obs_;  // [N, O] as the environments inside give them
  bool autoreset_ = true;
};

}  // namespace envs
