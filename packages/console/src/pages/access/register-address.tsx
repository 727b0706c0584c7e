// What the administrator of a provider has to know of us, once it is made here.

import { Button } from '../../patterns/button.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { CopyButton } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'

interface RegisterAddressProps {
  readonly name: string
  readonly address: string
  readonly onClose: () => void
}

export function RegisterAddress({ name, address, onClose }: RegisterAddressProps) {
  const { t } = useWords()
  return (
    <Dialog
      title={t('access.providerMade', { name })}
      form="wide"
      onClose={onClose}
      foot={
        <Button theme="primary" onClick={onClose}>
          {t('patterns.close')}
        </Button>
      }
    >
      <p>{t('access.registerAddress')}</p>
      <Facts
        facts={[
          {
            label: t('access.redirectUri'),
            value: (
              <>
                <code>{address}</code>
                <CopyButton text={address} what={t('access.redirectUri')} />
              </>
            ),
          },
        ]}
      />
    </Dialog>
  )
}
