#include "agents/value/deep_q.h"

#include <algorithm>
#include <cmath>

#include "agents/episode_metrics.h"
#include "agents/evaluation.h"
#include "agents/timed_step.h"
#include "core/error.h"

namespace agents {

void DeepQ::build_replay(const envs::Spec& spec, training::Build& b) {
  const int64_t positions = Replay::positions(options_.replay.num_envs, options_.replay.buffer_size);
  require_replay(b, agent_ + ".buffer_size", spec, options_.replay.num_envs, options_.replay.buffer_size,
                 options_.prioritised ? Priorities::bytes(positions) : 0);
  replay_.emplace(spec, options_.replay.num_envs, options_.replay.buffer_size);
  if (options_.prioritised) priorities_.emplace(positions, options_.alpha);
  b.state("replay", [this](core::Archive& archive) {
    replay_->state(archive);
    if (priorities_) priorities_->state(archive);
    archive("exploration", exploration_random_);
    archive("draws", replay_random_);
    exploration_.state(archive, head_->actions());
    if (memory_.defined()) archive("memory", memory_.data_ptr<float>(), size_t(memory_.numel()));
  });
}

void DeepQ::build_learning(const envs::Spec& spec, training::Build& b) {
  build_replay(spec, b);
  exploration_ = Exploration(options_.replay.num_envs, options_.epsilon_lasts);
  exploration_random_ = core::Pcg64(b.seed_for("exploration"));
  if (options_.noisy) noise_ = b.stream("noise");
  replay_random_ = core::Pcg64(b.seed_for("replay"));
  envs_->reset(b.seed_for("rollout"), replay_->observations());
  note_mask();
  b.envs("train", [this](core::Archive& archive) { envs_->state(archive); });
}

void DeepQ::build_nets(const envs::Spec& spec, training::Build& b) {
  head_.emplace(spec.action.n[0], options_.dueling, estimate_);
  const int64_t N = options_.replay.num_envs, B = options_.replay.batch_size;
  training::require_outputs(options_.net.mlp, double(B + N), "a batch of transitions");
  training::check_no_dropout(options_.net.mlp);
  core::check(
      !options_.noisy ||
          (!options_.net.remembers() && encoder_of(options_.net.encoder.name, spec.observation) == "flat"),
      "{}.noisy: expected a network of hidden layers alone, found one with memory or convolutions", agent_);
  options_.net.noisy = options_.noisy;
  const std::vector<Head> heads{{head_->outputs(), options_.net.mlp.out_gain}};
  q_.emplace("q", spec.observation, heads, options_.net);
  target_.emplace("target", spec.observation, heads, options_.net);
  b.module("q", *q_->module());
  b.module("target", *target_->module());
  target_->soft_update(*q_, 1);
  b.optimizer("q", {q_->module().get()},
              {{"td_loss", "", "Loss of the temporal-difference errors, weighted mean over the batch"}});
  now_.emplace(spec.observation, N, normalization_.transform);
  seen_.emplace(spec.observation, B, normalization_.transform);
  next_.emplace(spec.observation, B, normalization_.transform);
  returns_.resize(N);
  lengths_.resize(N);
  positions_.resize(B);
  weights_.assign(B, 1.0f);
  targets_.resize(B);
  next_numbers_.resize(B * head_->numbers());
  next_masks_.resize(B);
  next_rows_.resize(B);
  if (options_.net.remembers()) {
    memory_ = torch::zeros({N, q_->memory_size()});
    sequences_.emplace(
        SequenceShape{B / options_.sequence, options_.burn_in, options_.sequence, options_.n_step},
        spec.observation, normalization_.transform);
  }
  d_outputs_ = torch::zeros({B, head_->outputs()});
}

void DeepQ::build(training::Build& b) {
  normalization_ = envs::deferred_normalization(options_.env.wrappers);
  envs_ = options_.env.make(options_.replay.num_envs, envs::EnvPurpose::replay);
  const envs::Spec& spec = envs_->spec();
  core::check(spec.action.is_discrete(), "env: {} needs a Discrete action space; {} has {}", agent_, spec.id,
              spec.action.str());
  options_.check(agent_, b.budget());
  build_nets(spec, b);
  if (b.purpose() == training::Purpose::training) build_learning(spec, b);
  b.policy([this](const auto&... x) { return act(x...); });
  register_episodes(b);
  b.metric({"train/epsilon", "", "Probability of a random action"});
  b.metric({"train/q", "reward", "Mean value of the batch's actions, before the update"});
  b.metric({"train/td_error", "reward", "Mean magnitude of the batch's temporal-difference errors"});
  b.metric({"train/terminated", "", "Share of the batch's transitions whose steps end in a terminal state"});
  register_evaluation(options_.env, b);
}

double DeepQ::epsilon(const training::Step& step) const {
  if (step.counters().env_steps < options_.warm_up()) return 1;
  if (options_.noisy) return 0;
  return options_.exploration.at(options_.exploration.over(step.progress()));
}

// What is possible at the present moment.
void DeepQ::note_mask() {
  if (uint8_t* mask = replay_->mask()) envs_->action_mask(mask);
}

// Outputs [N, outputs] of what is seen at the present moment, by which memory goes on.
const float* DeepQ::look() {
  const int64_t N = options_.replay.num_envs;
  if (!memory_.defined()) return q_->forward(now_->of(replay_->observations()), N);
  const torch::NoGradGuard no_grad;
  const int64_t item = static_cast<int64_t>(envs_->spec().observation.bytes());
  for (int64_t i = 0; i < N; ++i) now_->put(i, replay_->observations() + i * item);
  outputs_ = q_->forward(NetInput(now_->tensor(), memory_)).contiguous();
  memory_ = q_->memory().contiguous();
  return outputs_.data_ptr<float>();
}

void DeepQ::choose_actions(double epsilon) {
  constexpr int64_t greedy = Exploration::greedy;
  int64_t* actions = replay_->choices();
  const uint8_t* mask = replay_->mask();
  const auto possible = [&](int64_t i) { return mask ? mask + i * head_->actions() : nullptr; };
  bool any_greedy = false;
  for (int64_t i = 0; i < options_.replay.num_envs; ++i) {
    actions[i] = exploration_.next(i, epsilon, head_->actions(), exploration_random_, possible(i));
    any_greedy |= actions[i] == greedy;
  }
  if (!any_greedy && !memory_.defined()) return;
  const float* rows = look();
  for (int64_t i = 0; i < options_.replay.num_envs; ++i)
    if (actions[i] == greedy) actions[i] = head_->best(rows + i * head_->outputs(), possible(i));
}

// Whose n steps are complete may be drawn from now on; whose place the present moment has taken may not.
void DeepQ::insert_newest() {
  const int64_t completed = replay_->completed_row(options_.n_step), overwritten = replay_->overwritten_row();
  for (int64_t i = 0; i < options_.replay.num_envs; ++i) {
    if (completed >= 0) priorities_->insert(completed + i);
    if (overwritten >= 0) priorities_->erase(overwritten + i);
  }
}

void DeepQ::note_ends(training::Step& step, const envs::StepOut& out) {
  for (int64_t i = 0; i < options_.replay.num_envs; ++i) {
    if (!(out.terminated[i] | out.truncated[i])) continue;
    exploration_.end(i);
    if (memory_.defined()) memory_[i].zero_();
    log_episode(step, returns_[i], lengths_[i]);
  }
}

void DeepQ::play(training::Step& step) {
  const int64_t N = options_.replay.num_envs, rounds = options_.replay.rounds();
  const double now = epsilon(step);
  for (int64_t k = 0; k < rounds; ++k) {
    q_->draw_noise(noise_);
    choose_actions(now);
    envs::StepOut out = replay_->out();
    out.episode_return = returns_.data();
    out.episode_length = lengths_.data();
    step_timed(*envs_, replay_->actions(), out);
    note_ends(step, out);
    replay_->advance();
    note_mask();
    if (priorities_) insert_newest();
  }
  step.collected(rounds * N);
  step.log("train/epsilon", now);
}

// B positions, in whole sequences, uniformly or by priority.
void DeepQ::sample_batch(double progress) {
  if (sequences_) return sequences_->draw(*replay_, replay_random_, positions_);
  const int64_t complete = replay_->complete(options_.n_step);
  if (!priorities_) {
    for (int64_t& position : positions_) position = replay_->position(replay_random_.integers(0, complete));
    return;
  }
  priorities_->sample(replay_random_, positions_);
  const double beta = options_.beta + (1 - options_.beta) * progress;
  for (size_t b = 0; b < positions_.size(); ++b)
    weights_[b] = priorities_->weight(positions_[b], complete, beta);
  const float largest = *std::max_element(weights_.begin(), weights_.end());
  for (float& weight : weights_) weight /= largest;
}

// Of the observations to bootstrap from, [B, outputs]; `held` keeps them where the net does not.
const float* DeepQ::next_outputs(PolicyNet& net, torch::Tensor& held) {
  if (!sequences_) return net.forward(next_->input(), options_.replay.batch_size);
  held = sequences_->next_outputs(net, next_rows_);
  return held.data_ptr<float>();
}

void DeepQ::read_batch() {
  const float scale = normalization_.reward_scale ? normalization_.reward_scale() : 1;
  terminated_ = 0;
  for (int64_t b = 0; b < options_.replay.batch_size; ++b) {
    const Replay::NStepReturn ahead = replay_->n_step(positions_[b], options_.n_step, options_.replay.gamma);
    seen_->put(b, replay_->observation(positions_[b]));
    next_->put(b, ahead.next);
    next_rows_[b] = ahead.next;
    targets_[b] = {.reward = scale * ahead.reward, .discount = ahead.discount, .next = nullptr};
    next_masks_[b] = ahead.mask;
    terminated_ += ahead.terminated;
  }
}

// What the target network says of the best next action, where double leaves the choice to the Q-network.
void DeepQ::estimate_targets() {
  const int64_t width = head_->outputs(), K = head_->numbers();
  torch::Tensor of_target, of_q;
  const float* values = next_outputs(*target_, of_target);
  const float* choices = options_.double_q ? next_outputs(*q_, of_q) : values;
  for (int64_t b = 0; b < options_.replay.batch_size; ++b) {
    const int64_t best = head_->best(choices + b * width, next_masks_[b]);
    float* next = next_numbers_.data() + b * K;
    std::copy_n(head_->read(values + b * width, best), K, next);
    targets_[b].next = next;
  }
}

int64_t DeepQ::apply_gradients(training::Step& step) {
  const int64_t B = options_.replay.batch_size, width = head_->outputs();
  const torch::Tensor outputs =
      sequences_ ? sequences_->outputs(*q_) : q_->forward(NetInput(seen_->tensor()));  // [B, width]
  const float* rows = outputs.data_ptr<float>();
  float* d_rows = d_outputs_.data_ptr<float>();
  double loss = 0, value = 0, error = 0;
  for (int64_t b = 0; b < B; ++b) {
    const TdLoss row = head_->loss(rows + b * width, *replay_->choices(positions_[b]), targets_[b],
                                   weights_[b] / static_cast<float>(B), d_rows + b * width);
    loss += row.loss;
    value += row.value;
    error += std::abs(row.error);
    if (priorities_) priorities_->update(positions_[b], row.priority);
  }
  q_->backward(d_outputs_);
  const int64_t steps = step.apply_gradients("q", {{"td_loss", loss}}).steps;
  step.log("train/q", value / static_cast<double>(B));
  step.log("train/td_error", error / static_cast<double>(B));
  step.log("train/terminated", static_cast<double>(terminated_) / static_cast<double>(B));
  return steps;
}

void DeepQ::learn(training::Step& step) {
  sample_batch(step.progress());
  q_->draw_noise(noise_);
  target_->draw_noise(noise_);
  read_batch();
  estimate_targets();
  const int64_t steps = apply_gradients(step);
  if (steps > 0 && steps % options_.target_every == 0) target_->soft_update(*q_, options_.tau);
}

void DeepQ::step(training::Step& step) {
  play(step);
  if (step.counters().env_steps < options_.warm_up()) return;
  for (int64_t k = 0; k < options_.replay.gradient_steps; ++k) learn(step);
}

training::PolicyOutput DeepQ::act(const training::PolicyInput& input, bool greedy,
                                  torch::Generator generator) {
  const torch::Tensor q = head_->values(q_->answer({input.observations, input.memory})).clone();  // [N, A]
  const torch::Tensor memory = memory_.defined() ? q_->memory() : torch::Tensor();
  const torch::Tensor best =
      (input.mask.defined() ? q.masked_fill(input.mask == 0, impossible) : q).argmax(1);
  const torch::Tensor hidden = input.thoughts ? q_->hidden() : torch::Tensor();
  if (greedy) return {.actions = best, .q = q, .hidden = hidden, .memory = memory};
  const double epsilon = options_.noisy ? 0 : options_.exploration.end;
  return {.actions = explore(best, input.mask, head_->actions(), epsilon, generator),
          .q = q,
          .hidden = hidden,
          .memory = memory};
}

void DeepQ::evaluate(training::Eval& eval) {
  agents::evaluate(
      options_.env, [this](const auto&... x) { return act(x...); }, eval);
}

}  // namespace agents
