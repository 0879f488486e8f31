import { defaultOf, MASK, VARIABLE_NAME, VARIABLE_NAME_MAX, VARIABLES_MAX, type Variable } from '../variable'
import { type Finding, toFinding } from './finding'
import { formatProblem } from './formats'
import { findReferences } from './references'
import { matches, patternProblem } from './regex'
import type { Subject } from './subject'
import { textsOf } from './texts'

/**
 * Variables of a profile: their names, that what counts without an input fits their format, and that they are used.
 *
 * @see https://docs.spectrocloud.com/profiles/cluster-profiles/create-cluster-profiles/define-profile-variables/
 */
export function checkVariables({ layers, variables }: Pick<Subject, 'layers' | 'variables'>): Finding[] {
  const used = new Set(
    layers.flatMap((layer) =>
      textsOf(layer).flatMap(({ references }) =>
        references.flatMap((one) => (one.kind === 'var' ? one.name : [])),
      ),
    ),
  )
  const names = new Set<string>()
  const shown = new Set<string>()
  const tooMany: Finding[] =
    variables.length > VARIABLES_MAX
      ? [
          toFinding({
            code: 'VariablesTooMany',
            what: `There are ${variables.length} variables, and may be ${VARIABLES_MAX}.`,
            mend: 'Remove some.',
          }),
        ]
      : []
  return [
    ...tooMany,
    ...variables.slice(0, VARIABLES_MAX).flatMap((one) => {
      const isTwice = names.has(one.name)
      const isShownTwice = one.displayName !== '' && shown.has(one.displayName)
      names.add(one.name)
      shown.add(one.displayName)
      return [
        ...checkName(one, isTwice, isShownTwice),
        ...checkOptions(one),
        ...checkDefault(one),
        ...(used.has(one.name) ? [] : [unused(one)]),
      ]
    }),
  ]
}

const about = ({ name }: Variable) => ({ variable: name })

function checkName(variable: Variable, isTwice: boolean, isShownTwice: boolean): Finding[] {
  const { name, displayName } = variable
  const findings: Finding[] = []
  if (!VARIABLE_NAME.test(name) || name.length > VARIABLE_NAME_MAX)
    findings.push(
      toFinding({
        code: 'VariableName',
        ...about(variable),
        what: name
          ? `${name.slice(0, VARIABLE_NAME_MAX)} is no name for a variable.`
          : 'A variable has no name.',
        why: 'Values refer to it by this name.',
        mend: `Use letters, digits, - and _, a letter first, at most ${VARIABLE_NAME_MAX} characters.`,
      }),
    )
  if (isTwice)
    findings.push(
      toFinding({
        code: 'VariableTwice',
        ...about(variable),
        what: `There are two variables ${name}.`,
        why: 'Values refer to them by their name.',
        mend: 'Give one of them another name, or remove it.',
      }),
    )
  if (isShownTwice)
    findings.push(
      toFinding({
        code: 'VariableDisplayName',
        ...about(variable),
        what: `Two variables are shown as ${displayName}.`,
        why: 'Who makes a cluster cannot tell them apart.',
        mend: 'Give one of them another display name.',
      }),
    )
  return findings
}

function checkOptions(variable: Variable): Finding[] {
  if (variable.inputType !== 'dropdown') return []
  const { name, options, defaultValue } = variable
  const values = options.map((one) => one.value)
  const error = (what: string, mend: string) =>
    toFinding({ code: 'VariableOptions', ...about(variable), what, mend })
  if (values.length === 0) return [error(`The list of ${name} has no options.`, 'Add one.')]
  const findings: Finding[] = []
  if (values.some((one) => one === ''))
    findings.push(error(`An option of ${name} has no value.`, 'Give it one, or remove it.'))
  const twice = values.find((one, at) => values.indexOf(one) !== at)
  if (twice) findings.push(error(`${name} has the option ${twice} twice.`, 'Remove one of them.'))
  if (defaultValue && defaultValue !== MASK && !values.includes(defaultValue))
    findings.push(
      toFinding({
        code: 'VariableDefault',
        ...about(variable),
        what: variable.isSensitive
          ? `The default of ${name} is none of its options.`
          : `The default of ${name}, ${defaultValue}, is none of its options.`,
        mend: 'Choose one of them.',
        fix: {
          label: 'Take the default out',
          edits: [{ do: 'changeVariable', name, change: { defaultValue: '' } }],
        },
      }),
    )
  const wrong = values.map((one) => (one ? problemOf(variable, one) : null)).find((one) => one !== null)
  if (wrong) findings.push(error(`An option of ${name} has to be ${wrong}.`, 'Change it.'))
  return findings
}

/** What keeps a value from being one of the variable's; null for nothing. A masked one that is kept is not known. */
export function problemOf({ format, regex }: Variable, value: string): string | null {
  if (value === MASK) return null
  return formatProblem(format, value) ?? (regex && !matches(regex, value) ? `matched by ${regex}` : null)
}

function checkDefault(variable: Variable): Finding[] {
  const { name, regex, required, hidden, immutable, inputType, isSensitive, format } = variable
  const standard = defaultOf(variable)
  const findings: Finding[] = []
  const broken = regex ? patternProblem(regex) : null
  if (broken)
    findings.push(
      toFinding({
        code: 'VariableRegex',
        ...about(variable),
        what: `The expression that checks ${name} cannot be read: ${broken}.`,
        why: 'Expressions are those of RE2, which knows no look-around and no back-references.',
        mend: 'Mend it, or leave it empty.',
      }),
    )
  if (inputType === 'multiline' && format !== 'string' && format !== 'base64')
    findings.push(
      toFinding({
        code: 'VariableInput',
        ...about(variable),
        what: `${name} takes several lines, and its format is ${format}.`,
        mend: 'Let it take one line.',
        fix: {
          label: 'Let it take one line',
          edits: [{ do: 'changeVariable', name, change: { inputType: 'text' } }],
        },
      }),
    )
  if (!standard && immutable)
    findings.push(needsDefault(variable, 'read-only', 'immutable', 'Nobody can enter a value.'))
  else if (!standard && hidden && required)
    findings.push(
      needsDefault(variable, 'hidden and required', 'hidden', 'Nobody sees that a value is missing.'),
    )
  const [nested] = findReferences(standard)
  if (nested || standard.includes('{{'))
    findings.push(
      toFinding({
        code: 'VariableNested',
        ...about(variable),
        what: nested
          ? `The default of ${name} refers to ${nested.name}${nested.name === name ? ', itself' : ''}.`
          : `The default of ${name} holds {{ … }}.`,
        why: 'What a variable stands for is not looked into again.',
        mend: 'Write the value itself.',
      }),
    )
  else if (standard && !broken && inputType !== 'dropdown') {
    const wanted = problemOf(variable, standard)
    if (wanted)
      findings.push(
        toFinding({
          code: 'VariableDefault',
          ...about(variable),
          what: `The default of ${name} has to be ${wanted}${isSensitive ? '' : `, not ${standard.slice(0, 60)}`}.`,
          mend: 'Change it, or the format.',
        }),
      )
  }
  return findings
}

const needsDefault = (variable: Variable, words: string, key: 'immutable' | 'hidden', why: string): Finding =>
  toFinding({
    code: 'VariableNeedsDefault',
    ...about(variable),
    what: `${variable.name} is ${words}, and has no default.`,
    why,
    mend: `Give it a default, or make it not ${key === 'hidden' ? 'hidden' : 'read-only'}.`,
    fix: {
      label: key === 'hidden' ? 'Show it' : 'Let it be changed',
      edits: [{ do: 'changeVariable', name: variable.name, change: { [key]: false } }],
    },
  })

const unused = (variable: Variable): Finding =>
  toFinding({
    level: 'warning',
    code: 'VariableUnused',
    ...about(variable),
    what: `${variable.name || 'A variable'} is used nowhere.`,
    why: 'Who makes a cluster is asked for it in vain.',
    mend: 'Use it in the values of a layer, or remove it.',
    fix: {
      label: 'Remove the variable',
      edits: [{ do: 'removeVariable', name: variable.name }],
    },
  })
