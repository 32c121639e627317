"""Which imports close a circle."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet


def closes_cycle(graph: Mapping[str, AbstractSet[str]]) -> dict[str, frozenset[str]]:
    """For each module, those of its imports from which it can be reached again."""
    components = strong_components(graph)
    return {
        node: frozenset(other for other in targets if components[other] == components[node])
        for node, targets in graph.items()
    }


def strong_components(graph: Mapping[str, AbstractSet[str]]) -> dict[str, int]:
    """A number for each node, the same for nodes that reach each other (Kosaraju, without recursion)."""
    reversed_graph: dict[str, set[str]] = {node: set() for node in graph}
    for node, targets in graph.items():
        for target in targets:
            reversed_graph[target].add(node)
    components: dict[str, int] = {}
    for node in reversed(finishing_order(graph)):
        number = len(components)
        pending = [node]
        while pending:
            current = pending.pop()
            if current not in components:
                components[current] = number
                pending += reversed_graph[current]
    return components


def finishing_order(graph: Mapping[str, AbstractSet[str]]) -> list[str]:
    """The nodes in the order in which a depth-first search leaves them."""
    seen: set[str] = set()
    order: list[str] = []
    for start in sorted(graph):
        stack = [(start, False)]
        while stack:
            node, left = stack.pop()
            if left:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack += [(target, False) for target in sorted(graph[node])]
    return order
