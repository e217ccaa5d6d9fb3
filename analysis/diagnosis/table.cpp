// The table of rules, and who asks them.
#include <array>

#include "analysis/diagnosis/diagnosis.h"
#include "analysis/diagnosis/rules.h"

namespace analysis::diagnosis {

std::span<const Rule> rules() {
  static constexpr std::array table{
      Rule{"overfitting",
           "The loss of held-out rows has risen by a twentieth of its least value, and the training loss has "
           "fallen since",
           "`valid/loss`, `neg_elbo`, `nll` or `mse`; `train/loss`",
           "Prechelt 1998, Early stopping: but when?, generalisation loss of 5 %", overfitting},
      Rule{"loss far from chance",
           "The loss of the first batch, before any update, is 1.5 times that of an answer that gives every "
           "class the same probability, ln K, or less than it by this factor",
           "`start/loss`, `start/uniform`",
           "measured: the experiments of this repository begin at 0.92 to 1.04 of ln K", far_from_chance},
      Rule{"relapse",
           "The last evaluation is below a target that was reached by a tenth of the way to it, or has lost "
           "half of what lies between the worst and the best; and three times what two evaluations usually "
           "differ by",
           "the score; `target.reach`",
           "measured: `acrobot_ppo` goes below its target and back by what evaluations differ by", relapse},
      Rule{"entropy collapse",
           "A policy over choices has kept a fiftieth of its entropy for a quarter of the run or more, and "
           "the score has neither risen since nor reached its target",
           "`train/entropy`; the score; `target.reach`",
           "measured: `mountaincar_ppo` learns to the end with 1 to 3 % and reaches its target, others keep "
           "6 % and more",
           entropy_collapse},
      Rule{"replay without failures",
           "The share of drawn transitions that ended in a failure fell to a twentieth of what it was, and "
           "the score relapsed",
           "`train/terminated`; the score", "measured: `cartpole_dqn` keeps a fifth", no_failures},
      Rule{"posterior collapse", "Fewer than a tenth of the latent dimensions, or none, tell rows apart",
           "`valid/active_units`, `valid/kl`; attribute `latent_units`",
           "Burda, Grosse & Salakhutdinov 2016, section 5.2", posterior_collapse},
      Rule{"mode collapse",
           "The samples meet fewer than nine tenths of the data's modes, or than half of its classes",
           "`valid/modes`, `valid/classes`; attributes `modes`, `label_classes`",
           "set: a mode counts from 2 % of the samples on, and chance may hide one of many", mode_collapse},
      Rule{"exploding gradients",
           "A gradient's norm was 100 times its median over the run's first half and the loss has risen, or "
           "something was not finite",
           "`train/...grad_norm`, the loss beside it; attribute `failure`",
           "measured: up to 36 times where a run learns, 660 once (`cartpole_a2c`), whose loss fell",
           exploding_gradients},
      Rule{"vanishing gradients",
           "A gradient's norm fell to a thousandth, and nine tenths of the loss are left",
           "`train/...grad_norm`, the loss beside it",
           "measured: what has learned all there is, as `moons_logistic`, comes to rest so, with 0.7 of its "
           "loss",
           vanishing_gradients},
      Rule{"dead units", "More than nine tenths of a layer's units are 0 in every row at the end",
           "`layer...output_dead` (`log.layers`)", "measured: up to 65 % (the policy of `pendulum_sac`)",
           dead_units},
      Rule{"gradients vanish on their way",
           "Over the run a layer's gradient is a thousandth of that of the output layer of its module",
           "`layer...gradient_deviation` (`log.layers`)",
           "measured: nets that learn have a fiftieth and more; eight sigmoid layers a hundred-thousandth",
           vanishing_in_layers},
      Rule{"gradients explode on their way",
           "Over the run a layer's gradient is 1,000 times that of the output layer of its module",
           "`layer...gradient_deviation` (`log.layers`)",
           "measured: nets that learn have up to 32 times (`cartpole_bc`)", exploding_in_layers},
  };
  return table;
}

std::vector<Finding> diagnose(const Run& run, const Curves& curves) {
  std::vector<Finding> findings;
  for (const Rule& rule : rules())
    if (auto words = rule.words({run, curves})) findings.push_back({rule.name, std::move(*words)});
  return findings;
}

std::vector<std::string> diagnose(const std::filesystem::path& run_folder) {
  const Run run = load_run(run_folder);
  std::vector<std::string> lines;
  for (const Finding& finding : diagnose(run, curves_of(run)))
    lines.push_back(finding.rule + ": " + finding.words);
  return lines;
}

}  // namespace analysis::diagnosis
