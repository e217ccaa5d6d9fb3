// The one way from a row's loss to both networks' gradients.
#include "agents/policy_gradient/actor_critic.h"

#include <cmath>

#include "core/error.h"

namespace agents {

void ActorCriticOptions::fields(core::Fields& own) {
  rollout.fields(own);
  exploration.fields(own);
  own.add("value_coef", value_coef, "Weight of the value loss", {.min = 0});
  own.add("entropy_coef", entropy_coef, "Weight of the policy's entropy as a bonus", {.min = 0, .max = 10});
  own.add("normalize_advantage", normalize_advantage, "Advantages get mean 0 and deviation 1 in each batch");
}

static void register_update(const ActorCriticNets& nets, training::Build& b) {
  b.optimizer("actor_critic", nets.modules(),
              {{"surrogate", "", "What stands for -log pi(a|s) A, mean over the batch"},
               {"value_loss", "reward^2", "Half the squared error of the value, mean over the batch"},
               {"entropy_bonus", "nats", "-entropy of the policy, mean over the batch"}});
  b.metric({"train/entropy", "nats", "Mean entropy of the policy over the updates"});
  b.metric({"train/kl", "nats", "Mean of r - 1 - log r: how far the policy has moved from the rollout's"});
}

static void check_whole_sequences(const std::string& agent, int64_t batch, int64_t T) {
  core::check(
      batch % T == 0,
      "{}.minibatch_size: networks with memory learn from whole sequences; expected a multiple of the {} "
      "steps of a rollout (num_steps), found {}",
      agent, T, batch);
}

static PolicyNetOptions exploring(PolicyNetOptions net, const StateNoiseOptions& exploration) {
  net.sde = exploration.of_plain();
  return net;
}

ActorCritic::ActorCritic(const std::string& agent, const envs::Options& env, const PolicyNetOptions& net,
                         const ActorCriticOptions& options, int64_t batch, training::Build& b)
    : options_(options), played_(agent, env, exploring(net, options.exploration), options.rollout, b) {
  if (net.remembers()) check_whole_sequences(agent, batch, options.rollout.num_steps);
  register_update(played_.nets(), b);
  d_outputs_ = torch::zeros({batch, played_.nets().actor()->width()});
  d_values_ = torch::zeros({batch});
}

void ActorCritic::set_advantage_scale(const int64_t* rows, int64_t B) {
  shift_ = 0;
  scale_ = 1;
  if (!options_.normalize_advantage || B < 2) return;
  const float* advantages = played_.advantages().data_ptr<float>();
  double sum = 0, squares = 0;
  for (int64_t i = 0; i < B; ++i) sum += static_cast<double>(advantages[rows[i]]);
  const double mean = sum / static_cast<double>(B);
  for (int64_t i = 0; i < B; ++i) squares += std::pow(static_cast<double>(advantages[rows[i]]) - mean, 2);
  shift_ = static_cast<float>(mean);
  scale_ = static_cast<float>(1 / (std::sqrt(squares / static_cast<double>(B - 1)) + 1e-8));
}

// The loss of every row: sums of its terms, and its slopes into d_outputs_ and d_values_.
ActorCritic::Terms ActorCritic::accumulate_gradients(const torch::Tensor& outputs,
                                                     const torch::Tensor& values, const int64_t* rows,
                                                     const Loss& loss) {
  const int64_t B = outputs.size(0), width = outputs.size(1);
  Actor& actor = played_.nets().actor();
  const torch::Tensor actions = played_.actions();
  const float share = 1.0f / static_cast<float>(B),
              d_entropy = -share * static_cast<float>(options_.entropy_coef);
  const float d_value = share * static_cast<float>(options_.value_coef);
  const float *old_log_probs = played_.log_probs().data_ptr<float>(),
              *old_values = played_.values().data_ptr<float>(),
              *targets = played_.value_targets().data_ptr<float>(),
              *advantages = played_.advantages().data_ptr<float>();
  Terms sum;
  for (int64_t i = 0; i < B; ++i) {
    const int64_t at = rows[i];
    const float* row = outputs.data_ptr<float>() + i * width;
    const ActionView action = actor->action_at(actions, at);
    const Likelihood now = actor->likelihood(row, action);
    const RowLoss l = loss({now.log_prob, old_log_probs[at], (advantages[at] - shift_) * scale_,
                            values.data_ptr<float>()[i], old_values[at], targets[at]});
    actor->likelihood_backward(row, action, share * l.d_log_prob, d_entropy,
                               d_outputs_.data_ptr<float>() + i * width);
    d_values_.data_ptr<float>()[i] = d_value * l.d_value;
    const double log_ratio = static_cast<double>(now.log_prob - old_log_probs[at]);
    sum.surrogate += static_cast<double>(l.surrogate);
    sum.value_loss += static_cast<double>(l.value_loss);
    sum.entropy += static_cast<double>(now.entropy);
    sum.clip_fraction += l.clipped;
    sum.kl += std::exp(log_ratio) - 1 - log_ratio;
  }
  return sum;
}

ActorCritic::Terms ActorCritic::update(training::Step& step, const int64_t* rows, int64_t B,
                                       const Loss& loss) {
  const torch::Tensor index = torch::from_blob(const_cast<int64_t*>(rows), {B}, torch::kInt64);
  set_advantage_scale(rows, B);
  const auto [outputs, values] = played_.nets().forward(played_.input_of(index), played_.mask_of(index));
  Terms mean = accumulate_gradients(outputs, values, rows, loss);
  for (double* term : {&mean.surrogate, &mean.value_loss, &mean.entropy, &mean.kl, &mean.clip_fraction})
    *term /= static_cast<double>(B);
  played_.nets().backward(d_outputs_.narrow(0, 0, B), d_values_.narrow(0, 0, B));
  step.apply_gradients("actor_critic", {{"surrogate", mean.surrogate},
                                        {"value_loss", mean.value_loss, options_.value_coef},
                                        {"entropy_bonus", -mean.entropy, options_.entropy_coef}});
  step.log("train/entropy", mean.entropy);
  step.log("train/kl", mean.kl);
  return mean;
}

}  // namespace agents
