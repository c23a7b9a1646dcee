import torch

from ganzoo.evaluate.dense import across, add_gram, congruent, mirrored


def test_a_gram_matrix_in_parts(normal):
    rows, total = normal(50, 7), torch.zeros(7, 7, dtype=torch.float64)
    for part in (rows[:20], rows[20:21], rows[21:]):
        add_gram(total, part)
    torch.testing.assert_close(mirrored(total), rows.T @ rows, rtol=1e-13, atol=1e-13)
    assert torch.equal(mirrored(total), mirrored(total).T)


def test_products_of_triangles(normal):
    first, second = (torch.linalg.cholesky(x @ x.T) for x in (normal(9, 12), normal(9, 12)))
    kept = first.clone(), second.clone()
    torch.testing.assert_close(across(first, second), first.T @ second, rtol=1e-13, atol=1e-13)
    symmetric = second @ second.T
    expected = first.T @ symmetric @ first
    found = congruent(first, symmetric)
    torch.testing.assert_close(found.tril(), expected.tril(), rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(
        torch.linalg.eigvalsh(found), torch.linalg.eigvalsh(expected), rtol=1e-10, atol=1e-12
    )
    assert torch.equal(first, kept[0])
    assert torch.equal(second, kept[1])
    torch.testing.assert_close(symmetric, kept[1] @ kept[1].T)
