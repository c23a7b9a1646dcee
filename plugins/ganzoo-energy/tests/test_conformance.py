"""Everything that is registered against ganzoo's conformance kit, and some with other options."""

from __future__ import annotations

import ganzoo
from ganzoo.testing import distribution_checks, objective_checks
from ganzoo_energy.began import Equilibrium
from ganzoo_energy.ebgan import Margin
from ganzoo_energy.magan import AdaptiveMargin

test_all = distribution_checks("ganzoo-energy")
test_ebgan_without_the_pull_away_term = objective_checks("ebgan", pull_away=0.0)
test_ebgan_of_squares = objective_checks("ebgan", energy="l2", pull_away=0.0)


# As functions of energies of our choice: a discriminator that gives no reconstruction gives
# its energies for scores, and the kit can ask for their direction.
def of_scores(term):
    term.needs = frozenset({"score"})
    return ganzoo.Objective(term)


test_ebgan_of_given_energies = objective_checks(of_scores(Margin(margin=1)))
test_began_of_given_energies = objective_checks(
    of_scores(Equilibrium(gamma=0.5, lambda_k=0.1, k=0.5))
)
test_magan_of_given_energies = objective_checks(of_scores(AdaptiveMargin(margin=1, epoch=2)))
